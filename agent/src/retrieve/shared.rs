//! The knowledge base that is searched: this machine's, or one that a team shares, where the settings name it. The shared one is built in
//! with the features `postgres` and `qdrant`.
//!
//! It leaves to others: how a server is searched, and what happens when it does not answer (`flightsmith-shared-kb`).
use super::stage;
use crate::exit::RunError;
use crate::workshop::Workshop;
use flightsmith_kb::{Imported, Searchable};

/// What a push changed on the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pushed {
    /// Items that are new there or other now.
    pub items: usize,
    /// Items that were taken out.
    pub removed: usize,
    /// Learned records, counters and added items that it did not know, or not all of.
    pub lines: usize,
}

/// Opens it. A shared one is not asked yet; when a search finds it down or slow, this machine's own answers, and a note says so once.
pub fn open(shop: &Workshop) -> Result<Box<dyn Searchable + '_>, RunError> {
    match &shop.kb {
        None => Ok(Box::new(stage::open(shop)?)),
        Some(address) => built_in::open(shop, address),
    }
}

/// Brings the shared one up to date with this machine's.
pub fn push(shop: &Workshop, rebuild: bool, prune: bool) -> Result<Pushed, RunError> {
    built_in::push(shop, address(shop)?, rebuild, prune)
}

/// Takes in what others have learned.
pub fn pull(shop: &Workshop) -> Result<Imported, RunError> {
    built_in::pull(shop, address(shop)?)
}

fn address(shop: &Workshop) -> Result<&str, RunError> {
    shop.kb.as_deref().ok_or_else(|| {
        RunError::Usage(
            "which shared knowledge base? say --kb URL, set FLIGHTSMITH_KB, or `kb` in flightsmith.toml".into(),
        )
    })
}

#[cfg(not(any(feature = "postgres", feature = "qdrant")))]
mod built_in {
    //! Without a server's client every address is refused.
    use super::{Imported, Pushed, RunError, Searchable, Workshop};

    pub(super) fn open<'s>(shop: &'s Workshop, _: &str) -> Result<Box<dyn Searchable + 's>, RunError> {
        Err(refused(shop))
    }

    pub(super) fn push(shop: &Workshop, _: &str, _: bool, _: bool) -> Result<Pushed, RunError> {
        Err(refused(shop))
    }

    pub(super) fn pull(shop: &Workshop, _: &str) -> Result<Imported, RunError> {
        Err(refused(shop))
    }

    fn refused(shop: &Workshop) -> RunError {
        let build = format!("cargo install --path {}/agent --features postgres,qdrant", shop.source_root.display());
        RunError::NotBuiltIn { what: "shared knowledge bases", build }
    }
}

#[cfg(any(feature = "postgres", feature = "qdrant"))]
mod built_in {
    //! With at least one server's client.
    use super::{Imported, Pushed, RunError, Searchable, Workshop, stage};
    use crate::budget;
    use crate::exit::chain;
    use flightsmith_kb::{Filter, Found, Store, Tuning};
    use flightsmith_shared_kb::{Address, Limits, SharedError, SharedKb};
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Tells once why the shared knowledge base does not answer.
    struct Telling<'s> {
        kb: SharedKb,
        shop: &'s Workshop,
        told: AtomicBool,
    }

    impl Searchable for Telling<'_> {
        fn find(&self, query: &str, k: usize, filter: &Filter, tuning: &Tuning) -> Found<'_> {
            let found = self.kb.find(query, k, filter, tuning);
            if let Some(reason) = &found.without_shared
                && !self.told.swap(true, Ordering::Relaxed)
            {
                self.shop.events.note(format!("searching this machine's own knowledge base: {reason}"));
            }
            found
        }
    }

    pub(super) fn open<'s>(shop: &'s Workshop, address: &str) -> Result<Box<dyn Searchable + 's>, RunError> {
        Ok(Box::new(Telling { kb: connect(shop, address)?, shop, told: AtomicBool::new(false) }))
    }

    pub(super) fn push(shop: &Workshop, address: &str, rebuild: bool, prune: bool) -> Result<Pushed, RunError> {
        let kb = connect(shop, address)?;
        let pushed = kb.push(&store(shop)?, rebuild, prune).map_err(|error| failed(shop, &error))?;
        Ok(Pushed { items: pushed.items, removed: pushed.removed, lines: pushed.lines })
    }

    pub(super) fn pull(shop: &Workshop, address: &str) -> Result<Imported, RunError> {
        connect(shop, address)?.pull(&store(shop)?).map_err(|error| failed(shop, &error))
    }

    fn connect(shop: &Workshop, address: &str) -> Result<SharedKb, RunError> {
        let address: Address = address.parse().map_err(|error| failed(shop, &error))?;
        let own = stage::open(shop)?;
        SharedKb::new(&address, own, Limits::default()).map_err(|error| failed(shop, &error))
    }

    fn store(shop: &Workshop) -> Result<Store, RunError> {
        let folder = stage::folder(&shop.data);
        Store::open_within(&folder, budget::KB_BUILD).map_err(|error| stage::failed(&folder, &error))
    }

    fn failed(shop: &Workshop, error: &SharedError) -> RunError {
        match error {
            SharedError::Address { .. } => RunError::Usage(error.to_string()),
            SharedError::NotBuilt { feature, .. } => {
                let build = format!("cargo install --path {}/agent --features {feature}", shop.source_root.display());
                RunError::NotBuiltIn { what: feature, build }
            }
            _ => RunError::SharedKb { reason: chain(error) },
        }
    }
}

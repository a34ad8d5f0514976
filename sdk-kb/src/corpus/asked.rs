//! What people call items who do not know their names: `corpus/asked.toml`, in everyday words and in other SDKs'.
use super::read_text;
use crate::error::KbError;
use crate::item::Item;
use std::collections::BTreeMap;
use std::path::Path;

/// By the beginning of ids (a module, a type, `example:`), then by what follows.
type File = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// Adds it to the items below `corpus` that it is about. Of an item that is not there, nothing is said: a test looks for those.
pub(super) fn add(corpus: &Path, items: &mut [Item]) -> Result<(), KbError> {
    let asked = read(corpus)?;
    for item in items {
        if let Some(asked) = asked.get(&item.id) {
            item.asked.clone_from(asked);
        }
    }
    Ok(())
}

/// By the item's id, one phrase a line.
fn read(corpus: &Path) -> Result<BTreeMap<String, String>, KbError> {
    let path = corpus.join("asked.toml");
    if !path.is_file() {
        return Ok(BTreeMap::new());
    }
    let file: File = toml::from_str(&read_text(&path)?)
        .map_err(|error| KbError::Malformed { path: path.clone(), reason: error.to_string() })?;
    let entries = file.into_iter().flat_map(|(place, entries)| {
        let between = if place.ends_with([':', '/']) { "" } else { "::" };
        entries.into_iter().map(move |(name, phrases)| (format!("{place}{between}{name}"), phrases.join("\n")))
    });
    Ok(entries.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::Sources;

    #[test]
    fn every_entry_is_about_an_item_that_is_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let items = Sources::of_tree(&root).read().expect("readable");
        let asked = read(&root.join("sdk-kb/corpus")).expect("readable");
        assert!(asked.len() > 100, "{}", asked.len());
        // The compiler's explanations come from the toolchain in use.
        let is_explanation = |id: &str| {
            let digits = id.strip_prefix("compiler:E");
            digits.is_some_and(|digits| digits.len() == 4 && digits.bytes().all(|digit| digit.is_ascii_digit()))
        };
        for (id, phrases) in asked.into_iter().filter(|(id, _)| !is_explanation(id)) {
            let item = items.iter().find(|item| item.id == id);
            assert_eq!(item.map(|item| item.asked.as_str()), Some(phrases.as_str()), "{id}");
        }
    }
}

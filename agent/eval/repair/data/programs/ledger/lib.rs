//! Accounts, transfers between them, and a journal of what happened.
use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(pub u32);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LedgerError {
    UnknownAccount(AccountId),
    NotEnough { wanted_cents: u64, there_cents: u64 },
    Frozen(AccountId),
    SameAccount,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LedgerError::UnknownAccount(id) => write!(f, "no account {}", id.0),
            LedgerError::NotEnough { wanted_cents, there_cents } => {
                write!(f, "{wanted_cents} cents wanted, {there_cents} there")
            }
            LedgerError::Frozen(id) => write!(f, "account {} is frozen", id.0),
            LedgerError::SameAccount => write!(f, "from an account to itself"),
        }
    }
}

impl std::error::Error for LedgerError {}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    Opened { id: AccountId, owner: String },
    Deposited { id: AccountId, cents: u64 },
    Transferred { from: AccountId, to: AccountId, cents: u64 },
    Frozen { id: AccountId },
}

#[derive(Debug, Clone)]
struct Account {
    owner: String,
    cents: u64,
    frozen: bool,
}

#[derive(Debug, Default)]
pub struct Ledger {
    accounts: BTreeMap<AccountId, Account>,
    journal: Vec<Entry>,
    next: u32,
}

impl Ledger {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn open(&mut self, owner: &str) -> AccountId {
        let id = AccountId(self.next);
        self.next += 1;
        let account = Account { owner: owner.to_string(), cents: 0, frozen: false };
        self.accounts.insert(id, account);
        self.journal.push(Entry::Opened { id, owner: owner.to_string() });
        id
    }

    pub fn deposit(&mut self, id: AccountId, cents: u64) -> Result<u64, LedgerError> {
        let account = self.usable(id)?;
        account.cents += cents;
        let balance = account.cents;
        self.journal.push(Entry::Deposited { id, cents });
        Ok(balance)
    }

    pub fn transfer(&mut self, from: AccountId, to: AccountId, cents: u64) -> Result<(), LedgerError> {
        if from == to {
            return Err(LedgerError::SameAccount);
        }
        self.usable(to)?;
        let payer = self.usable(from)?;
        if payer.cents < cents {
            return Err(LedgerError::NotEnough { wanted_cents: cents, there_cents: payer.cents });
        }
        payer.cents -= cents;
        self.usable(to)?.cents += cents;
        self.journal.push(Entry::Transferred { from, to, cents });
        Ok(())
    }

    pub fn freeze(&mut self, id: AccountId) -> Result<(), LedgerError> {
        self.usable(id)?.frozen = true;
        self.journal.push(Entry::Frozen { id });
        Ok(())
    }

    pub fn balance(&self, id: AccountId) -> Option<u64> {
        self.accounts.get(&id).map(|account| account.cents)
    }

    pub fn owners(&self) -> Vec<&str> {
        let mut owners: Vec<&str> = self.accounts.values().map(|account| account.owner.as_str()).collect();
        owners.sort();
        owners.dedup();
        owners
    }

    pub fn journal(&self) -> &[Entry] {
        &self.journal
    }

    pub fn total_cents(&self) -> u64 {
        self.accounts.values().map(|account| account.cents).sum()
    }

    pub fn richest(&self) -> Option<(AccountId, u64)> {
        let mut best: Option<(AccountId, u64)> = None;
        for (id, account) in &self.accounts {
            if best.is_none_or(|(_, cents)| account.cents > cents) {
                best = Some((*id, account.cents));
            }
        }
        best
    }

    fn usable(&mut self, id: AccountId) -> Result<&mut Account, LedgerError> {
        match self.accounts.get_mut(&id) {
            None => Err(LedgerError::UnknownAccount(id)),
            Some(account) if account.frozen => Err(LedgerError::Frozen(id)),
            Some(account) => Ok(account),
        }
    }
}

#[cfg(test)]
mod tests;

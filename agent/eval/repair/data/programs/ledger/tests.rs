use super::*;

fn two() -> (Ledger, AccountId, AccountId) {
    let mut ledger = Ledger::new();
    let (ann, bob) = (ledger.open("Ann"), ledger.open("Bob"));
    (ledger, ann, bob)
}

#[test]
fn money_moves_and_is_never_made() {
    let (mut ledger, ann, bob) = two();
    assert_eq!(ledger.deposit(ann, 500), Ok(500));
    assert_eq!(ledger.deposit(ann, 25), Ok(525));
    assert_eq!(ledger.transfer(ann, bob, 200), Ok(()));
    assert_eq!((ledger.balance(ann), ledger.balance(bob)), (Some(325), Some(200)));
    assert_eq!(ledger.total_cents(), 525);
    assert_eq!(ledger.richest(), Some((ann, 325)));
    assert_eq!(ledger.balance(AccountId(9)), None);
}

#[test]
fn what_cannot_be_is_refused_and_changes_nothing() {
    let (mut ledger, ann, bob) = two();
    ledger.deposit(ann, 100).unwrap();
    let before = ledger.journal().len();
    let error = ledger.transfer(ann, bob, 101).unwrap_err();
    assert_eq!(error, LedgerError::NotEnough { wanted_cents: 101, there_cents: 100 });
    assert_eq!(error.to_string(), "101 cents wanted, 100 there");
    assert_eq!(ledger.transfer(ann, ann, 1), Err(LedgerError::SameAccount));
    assert_eq!(ledger.transfer(ann, AccountId(7), 1), Err(LedgerError::UnknownAccount(AccountId(7))));
    assert_eq!(LedgerError::SameAccount.to_string(), "from an account to itself");
    assert_eq!(LedgerError::UnknownAccount(AccountId(7)).to_string(), "no account 7");
    assert_eq!(ledger.journal().len(), before);
    assert_eq!(ledger.balance(ann), Some(100));
}

#[test]
fn a_frozen_account_neither_pays_nor_takes() {
    let (mut ledger, ann, bob) = two();
    ledger.deposit(ann, 10).unwrap();
    ledger.freeze(bob).unwrap();
    assert_eq!(ledger.transfer(ann, bob, 1), Err(LedgerError::Frozen(bob)));
    assert_eq!(ledger.deposit(bob, 1), Err(LedgerError::Frozen(bob)));
    assert_eq!(LedgerError::Frozen(bob).to_string(), "account 1 is frozen");
}

#[test]
fn the_journal_tells_it_in_order() {
    let (mut ledger, ann, bob) = two();
    ledger.open("Ann");
    ledger.deposit(bob, 5).unwrap();
    ledger.transfer(bob, ann, 5).unwrap();
    ledger.freeze(ann).unwrap();
    assert_eq!(ledger.owners(), ["Ann", "Bob"]);
    assert_eq!(ledger.journal()[0], Entry::Opened { id: ann, owner: "Ann".into() });
    assert_eq!(
        ledger.journal()[3..],
        [
            Entry::Deposited { id: bob, cents: 5 },
            Entry::Transferred { from: bob, to: ann, cents: 5 },
            Entry::Frozen { id: ann },
        ]
    );
}

//! PostgreSQL over TLS, and what is said where one side wants it and the other has it not. The server is a real one; TLS is OpenSSL's, in
//! front of it, because the packages' PostgreSQL is built without.
#![cfg(feature = "postgres")]
mod copies;
mod servers;
mod team;

use copies::{Machine, item};
use flightsmith_kb::Kind;
use flightsmith_shared_kb::SharedError;
use servers::postgres;

/// What a push to `address` ends with.
fn refusal(address: &str) -> SharedError {
    let machine = Machine::with(&[item("a", Kind::Type, "a", "first")]);
    machine.shared(address).push(&machine.store(), false, false).expect_err("nothing is pushed")
}

#[test]
fn what_is_pushed_over_tls_is_found_over_tls() {
    let front = postgres::tls("over_tls");
    let address = front.address("localhost", &format!("sslmode=verify-full&sslrootcert={}", front.authorities()));
    team::what_one_machine_pushes_another_finds(&address);
    assert_eq!(postgres::number(&front.inside, "SELECT count(*) FROM flightsmith_kb.item"), 3);
}

#[test]
fn tls_is_spoken_where_it_is_offered() {
    let front = postgres::tls("offered");
    let machine = Machine::with(&[item("a", Kind::Type, "a", "first")]);
    let address = front.address("localhost", &format!("sslrootcert={}", front.authorities()));
    assert_eq!(machine.shared(&address).push(&machine.store(), false, false).expect("taken").items, 1);
}

#[test]
fn a_certificate_that_does_not_hold_is_named_with_what_to_do() {
    let front = postgres::tls("certificates");
    // The authority is unknown to the system; the certificate is for localhost, not for its number.
    let other_name = format!("sslmode=require&sslrootcert={}", front.authorities());
    for (host, parameters, says) in [
        ("localhost", "sslmode=require", "`sslrootcert="),
        ("localhost", "", "`sslrootcert="),
        ("127.0.0.1", &other_name, "name the server in the address as its certificate does"),
    ] {
        let error = refusal(&front.address(host, parameters));
        assert!(matches!(error, SharedError::Tls { .. }), "{host} {parameters}: {error:?}");
        let said = error.to_string();
        assert!(said.contains("its certificate does not hold") && said.contains(says), "{said}");
    }
    assert_eq!(
        postgres::number(&front.inside, "SELECT count(*) FROM pg_namespace WHERE nspname = 'flightsmith_kb'"),
        0
    );
}

#[test]
fn a_server_that_demands_tls_is_not_spoken_to_without() {
    let front = postgres::tls("demands");
    let said = refusal(&front.address("localhost", "sslmode=disable")).to_string();
    assert!(said.contains("no encryption") && said.contains("leave `sslmode=disable` out"), "{said}");
}

#[test]
fn a_server_without_tls_is_not_spoken_to_where_it_is_demanded() {
    let address = format!("{}&sslmode=verify-full", postgres::database("no_tls"));
    let said = refusal(&address).to_string();
    assert!(said.contains("the address demands TLS, and it has none") && said.contains("postgresql.conf"), "{said}");
}

#[test]
fn a_file_of_authorities_that_is_none_is_a_wrong_address() {
    let folder = tempfile::tempdir().expect("a folder");
    let machine = Machine::with(&[]);
    for (name, text, says) in [
        ("missing.pem", None, "No such file"),
        ("empty.pem", Some(""), "no certificate"),
        ("words.pem", Some("ca"), "no certificate"),
    ] {
        let path = folder.path().join(name);
        if let Some(text) = text {
            std::fs::write(&path, text).expect("written");
        }
        let error = machine
            .try_shared(&format!("postgresql://kb@db/team?sslrootcert={}", path.display()))
            .err()
            .expect("refused");
        assert!(matches!(error, SharedError::Address { .. }) && error.to_string().contains(says), "{error}");
    }
}

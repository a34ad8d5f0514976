//! Servers that are down, or never answer: the copy of this machine answers, in time, and says why.
mod copies;

use copies::{Machine, item};
use flightsmith_kb::{Filter, Kind, Searchable, Tuning};
use flightsmith_shared_kb::Limits;
use std::net::TcpListener;
use std::time::{Duration, Instant};

const SCHEMES: [&str; 2] = ["postgresql://kb:secret@127.0.0.1:PORT/team", "qdrant://:secret@127.0.0.1:PORT"];

fn addresses(port: u16) -> Vec<String> {
    let built = [cfg!(feature = "postgres"), cfg!(feature = "qdrant")];
    let addresses = SCHEMES.iter().zip(built).filter(|(_, built)| *built);
    addresses.map(|(address, _)| address.replace("PORT", &port.to_string())).collect()
}

/// The first search of a machine at `address`: why the server did not answer, and how long it took. What is found is the copy's.
fn search(address: &str) -> (String, Duration) {
    let machine = Machine::with(&[
        item("land", Kind::Function, "land", "Comes down."),
        item("hold", Kind::Function, "hold", "Stays."),
    ]);
    let shared = machine.shared_within(address, Limits::default());
    let started = Instant::now();
    let found = shared.find("land", 2, &Filter::default(), &Tuning::default());
    let took = started.elapsed();
    let own = machine.copy();
    assert_eq!(found.hits, own.find("land", 2, &Filter::default(), &Tuning::default()).hits);
    let reason = found.without_shared.expect("no server answers");
    // A server that has failed is left in peace: the second search does not wait again.
    let started = Instant::now();
    assert_eq!(shared.find("hold", 1, &Filter::default(), &Tuning::default()).without_shared.as_ref(), Some(&reason));
    assert!(started.elapsed() < Duration::from_millis(200), "{:?}", started.elapsed());
    (reason, took)
}

#[test]
fn a_closed_port_is_noticed_at_once() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    for address in addresses(port) {
        let (reason, _) = search(&address);
        assert!(reason.contains("cannot be reached") && !reason.contains("secret"), "{reason}");
    }
}

#[test]
fn a_server_that_never_answers_costs_a_second_at_most_and_once() {
    // The system takes the connection; nobody ever reads from it.
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    for address in addresses(silent.local_addr().expect("bound").port()) {
        let (reason, took) = search(&address);
        assert!(reason.contains("within 300 ms") || reason.contains("within 1000 ms"), "{reason}");
        assert!(took < Duration::from_secs(3), "{took:?}");
    }
}

#[test]
fn it_can_be_asked_from_within_a_reactor() {
    let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a reactor");
    runtime.block_on(async {
        for address in addresses(port) {
            search(&address);
        }
    });
}

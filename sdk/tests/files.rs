//! MAVLink FTP and logs against the scripted vehicle over a perfect link: every answer that an autopilot may give, as tables.
#[path = "fake/lists/mod.rs"]
mod lists;

use flightsmith_sdk::capability::ftp::{DirectoryEntry, EntryKind};
use flightsmith_sdk::capability::log_files::LogEntry;
use flightsmith_sdk::{Autopilot, RequestError, System};
use lists::channel::PERFECT;
use lists::{ListVehicle, World};
use std::future::Future;
use std::pin::Pin;

const BOTH: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];

fn world(autopilot: Autopilot) -> (World<ListVehicle>, System) {
    let mut world = World::new(ListVehicle::new(autopilot), PERFECT, 1);
    let system = world.system();
    world.side.files.files.insert("/logs/a.txt".into(), b"some words".to_vec());
    world.side.files.files.insert("/logs/long.bin".into(), (0..100_000_u32).map(|n| (n * 7 / 3) as u8).collect());
    world.side.files.files.insert("/empty".into(), vec![]);
    (world, system)
}

/// The end of a call as text: what it gave, or its error.
fn told<T: std::fmt::Debug>(end: Result<T, RequestError>) -> String {
    match end {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}

type Call = fn(System) -> Pin<Box<dyn Future<Output = String>>>;

#[test]
fn files_are_handled_or_say_why_not() {
    type Case = (&'static str, fn(&mut ListVehicle), Call, &'static str);
    let cases: &[Case] = &[
        (
            "read",
            |_| {},
            |s| Box::pin(async move { told(s.ftp().download("/logs/a.txt").await.map(String::from_utf8)) }),
            "Ok(\"some words\")",
        ),
        ("read what is empty", |_| {}, |s| Box::pin(async move { told(s.ftp().download("/empty").await) }), "[]"),
        (
            "read what is not there",
            |_| {},
            |s| Box::pin(async move { told(s.ftp().download("/none").await) }),
            "there is no file or directory /none",
        ),
        (
            "read without bursts",
            |v| v.files.bursts = false,
            |s| Box::pin(async move { told(s.ftp().download("/logs/long.bin").await.map(|content| content.len())) }),
            "100000",
        ),
        (
            "a size beyond the end",
            |v| v.files.size_lies_by = 50_000,
            |s| Box::pin(async move { told(s.ftp().download("/logs/long.bin").await.map(|content| content.len())) }),
            "100000",
        ),
        (
            "too large",
            |_| {},
            |s| {
                Box::pin(async move {
                    told(s.ftp().download_reporting("/logs/long.bin", 1000, |_progress| {}).await.map(|c| c.len()))
                })
            },
            "size of the file, bytes 100000 is outside its range (0 to 1000)",
        ),
        (
            "a file left open by somebody",
            |v| v.files.leave_open("/empty", v.now_s),
            |s| Box::pin(async move { told(s.ftp().download("/logs/a.txt").await.map(|content| content.len())) }),
            "10",
        ),
        ("write", |_| {}, |s| Box::pin(async move { told(s.ftp().upload("/new", b"abc").await) }), "()"),
        (
            "write without checksums",
            |v| v.files.checksums = false,
            |s| Box::pin(async move { told(s.ftp().upload("/new", b"abc").await) }),
            "()",
        ),
        (
            "write where it may not",
            |v| v.files.full = true,
            |s| Box::pin(async move { told(s.ftp().upload("/new", b"abc").await) }),
            "FTP CreateFile failed at the other side: FILE_PROTECTED",
        ),
        ("remove", |_| {}, |s| Box::pin(async move { told(s.ftp().remove_file("/logs/a.txt").await) }), "()"),
        (
            "remove what is not there",
            |_| {},
            |s| Box::pin(async move { told(s.ftp().remove_file("/none").await) }),
            "there is no file or directory /none",
        ),
        ("rename", |_| {}, |s| Box::pin(async move { told(s.ftp().rename("/empty", "/logs/b").await) }), "()"),
        (
            "make what is there",
            |_| {},
            |s| Box::pin(async move { told(s.ftp().create_directory("/logs").await) }),
            "FTP CreateDirectory failed at the other side: FILE_EXISTS",
        ),
        ("make", |_| {}, |s| Box::pin(async move { told(s.ftp().create_directory("/more").await) }), "()"),
        ("unmake", |_| {}, |s| Box::pin(async move { told(s.ftp().remove_directory("/logs").await) }), "()"),
        (
            "a path too long",
            |_| {},
            |s| Box::pin(async move { told(s.ftp().download(&"x".repeat(239)).await) }),
            "length of a path, bytes 239 is outside its range (1 to 238)",
        ),
        ("reset", |_| {}, |s| Box::pin(async move { told(s.ftp().reset_sessions().await) }), "()"),
    ];
    for autopilot in BOTH {
        for (name, prepare, call, expected) in cases {
            let (mut world, system) = world(autopilot);
            prepare(&mut world.side);
            assert_eq!(world.run(120.0, call(system)), *expected, "{autopilot:?}: {name}");
            assert!(!world.side.files.is_open(), "{autopilot:?}: {name}: nothing stays open");
        }
    }
}

#[test]
fn a_directory_of_many_is_listed_whole() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        for n in 0..120 {
            world.side.files.files.insert(format!("/logs/log_{n:04}.ulg"), vec![0; n]);
        }
        let ftp = system.ftp();
        let entries = world.run(60.0, async move { ftp.list_directory("/logs").await }).expect("a directory");
        assert_eq!(entries.len(), 122);
        assert!(entries.contains(&DirectoryEntry { name: "log_0007.ulg".into(), kind: EntryKind::File { bytes: 7 } }));
        let ftp = system.ftp();
        let entries = world.run(60.0, async move { ftp.list_directory("/").await }).expect("a directory");
        assert!(entries.contains(&DirectoryEntry { name: "logs".into(), kind: EntryKind::Directory }));
        let ftp = system.ftp();
        let error = world.run(60.0, async move { ftp.list_directory("/none").await }).expect_err("there is none");
        assert!(matches!(error, RequestError::Missing { .. }), "{error}");
    }
}

#[test]
fn a_download_that_is_dropped_closes_its_file() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let ftp = system.ftp();
        let mut ticks = 0;
        let (end, _) = world.run_while(60.0, async move { ftp.download("/logs/long.bin").await }, |_| {
            ticks += 1;
            ticks < 8
        });
        assert!(end.is_none() && world.side.files.is_open(), "it is under way");
        world.step();
        world.step();
        assert!(!world.side.files.is_open());
        let ftp = system.ftp();
        let whole = world.run(60.0, async move { ftp.download("/logs/long.bin").await }).expect("a file");
        assert!(whole == world.side.files.files["/logs/long.bin"], "the packets of the first one did no harm");
    }
}

#[test]
fn logs_are_listed_and_read() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let logs = system.log_files();
        assert_eq!(world.run(60.0, async move { logs.list().await }), Ok(vec![]));
        let content: Vec<u8> = (0..70_000_u32).map(|n| (n * 5 / 3) as u8).collect();
        world.side.logs.logs = vec![vec![3; 90], content.clone(), vec![]];
        let logs = system.log_files();
        let listed = world.run(60.0, async move { logs.list().await }).expect("a list");
        let first = world.side.logs.first_id();
        let sizes: Vec<(u16, u32)> = listed.iter().map(|log| (log.id - first, log.bytes)).collect();
        assert_eq!(sizes, [(0, 90), (1, 70_000), (2, 0)]);
        for (log, expected) in listed.iter().zip(&world.side.logs.logs.clone()) {
            let (logs, log) = (system.log_files(), *log);
            let got = world.run(60.0, async move { logs.download(&log).await }).expect("a log");
            assert!(got == *expected, "log {}", log.id);
        }
        assert_eq!(world.side.logs.ended, 3);
        let longer = LogEntry { bytes: 80_000, ..listed[1] };
        let logs = system.log_files();
        let got = world.run(60.0, async move { logs.download(&longer).await }).expect("a log");
        assert!(got == content, "a log that is shorter than it was listed");
        let (logs, none) = (system.log_files(), LogEntry { id: 99, ..listed[1] });
        let error = world.run(60.0, async move { logs.download(&none).await }).expect_err("there is none");
        assert_eq!(error.to_string(), "there is no data of log 99");
        world.side.armed = true;
        for _ in 0..60 {
            world.step();
        }
        let (logs, log) = (system.log_files(), listed[0]);
        let error = world.run(60.0, async move { logs.download(&log).await }).expect_err("in flight");
        assert!(matches!(error, RequestError::WrongState { needed: "disarmed", .. }), "{error}");
    }
}

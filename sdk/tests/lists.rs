//! Parameters and item lists against the scripted vehicle over a perfect link: every answer that an autopilot may give, as tables.
#[path = "fake/lists/mod.rs"]
mod lists;

use flightsmith_sdk::capability::geofence::{FenceArea, GroundPoint, Keep};
use flightsmith_sdk::capability::mission_raw::{MissionItem, MissionState, Place};
use flightsmith_sdk::capability::param::ParamValue;
use flightsmith_sdk::capability::rally::RallyPoint;
use flightsmith_sdk::capability::transfer::Progress;
use flightsmith_sdk::{Autopilot, RequestError, System, frame::Altitude};
use lists::channel::{PERFECT, Quality};
use lists::{ListVehicle, World};
use std::future::Future;
use std::pin::Pin;

const BOTH: [Autopilot; 2] = [Autopilot::ArduPilot, Autopilot::Px4];
const HIGH: Altitude = Altitude::AboveHome(15.0);

fn world(autopilot: Autopilot) -> (World<ListVehicle>, System) {
    let mut world = World::new(ListVehicle::new(autopilot), PERFECT, 1);
    let system = world.system();
    (world, system)
}

fn some_items(count: usize) -> Vec<MissionItem> {
    let mut items = vec![MissionItem::take_off(HIGH)];
    items.extend((1..count).map(|n| MissionItem::waypoint(47.4, 8.5 + n as f64 * 1e-4, HIGH)));
    items
}

/// The end of a call as text: what it gave, or its error.
fn told<T: std::fmt::Debug>(end: Result<T, RequestError>) -> String {
    match end {
        Ok(value) => format!("{value:?}"),
        Err(error) => error.to_string(),
    }
}

type Call = fn(System) -> Pin<Box<dyn Future<Output = String>>>;

/// With `std` every call may run on any executor.
#[expect(dead_code, reason = "that it compiles is the test")]
fn calls_may_move_between_threads(system: &System, log: &flightsmith_sdk::capability::log_files::LogEntry) {
    fn is_send<F: Future + Send>(_future: F) {}
    is_send(system.param().list());
    is_send(system.param().set_int("SPEED", 1));
    is_send(system.mission_raw().upload(&[]));
    is_send(system.mission_raw().download());
    is_send(system.mission_raw().start());
    is_send(system.mission_raw().set_current(0));
    is_send(system.geofence().download());
    is_send(system.rally().clear());
    is_send(system.ftp().download("/"));
    is_send(system.ftp().upload("/", &[]));
    is_send(system.log_files().download(log));
}

#[test]
fn parameters_are_read_and_set_or_say_why_not() {
    use Autopilot::{ArduPilot, Px4};
    let cases: &[(&str, Option<Autopilot>, Call, &str)] = &[
        ("an int", None, |s| Box::pin(async move { told(s.param().get_int("FENCE_ENABLE").await) }), "0"),
        ("a float", None, |s| Box::pin(async move { told(s.param().get_float("SPEED").await) }), "5.0"),
        (
            "sixteen letters, no zero behind",
            None,
            |s| Box::pin(async move { told(s.param().get_float("SIXTEEN_LETTERS_").await) }),
            "1.5",
        ),
        (
            "a float as an int",
            None,
            |s| Box::pin(async move { told(s.param().get_int("SPEED").await) }),
            "get_int: the answer does not fit, SPEED is the float 5: use get_float",
        ),
        ("an int as a float", None, |s| Box::pin(async move { told(s.param().get_float("LOCKED").await) }), "3.0"),
        (
            "an integer whose bytes are a NaN",
            Some(Px4),
            |s| Box::pin(async move { told(s.param().get_int("NAN_BYTES").await) }),
            "2143289345",
        ),
        (
            "a name that there is not",
            Some(Px4),
            |s| Box::pin(async move { told(s.param().get("NO_SUCH").await) }),
            "there is no parameter NO_SUCH",
        ),
        (
            "a name that there is not; ArduPilot says nothing",
            Some(ArduPilot),
            |s| Box::pin(async move { told(s.param().get("NO_SUCH").await) }),
            "PARAM_REQUEST_READ not answered after 8 attempts in 5.6 s",
        ),
        (
            "a name that the list does not have",
            Some(ArduPilot),
            |s| {
                Box::pin(async move {
                    s.param().list().await.expect("a list");
                    told(s.param().get("NO_SUCH").await)
                })
            },
            "there is no parameter NO_SUCH",
        ),
        (
            "a name too long",
            None,
            |s| Box::pin(async move { told(s.param().get("SEVENTEEN_LETTERS").await) }),
            "length of a parameter's name 17 is outside its range (1 to 16)",
        ),
        ("set an int", None, |s| Box::pin(async move { told(s.param().set_int("FENCE_ENABLE", 1).await) }), "()"),
        ("set to what it is", None, |s| Box::pin(async move { told(s.param().set_float("SPEED", 5.0).await) }), "()"),
        (
            "set what no float is",
            None,
            |s| Box::pin(async move { told(s.param().set_float("SPEED", f32::NAN).await) }),
            "parameter NaN is outside its range (-3.4e38 to 3.4e38)",
        ),
        (
            "beyond what ArduPilot's float carries",
            Some(ArduPilot),
            |s| Box::pin(async move { told(s.param().set_int("BIG", 16_777_217).await) }),
            "integer parameter that is sent as a float 16777217 is outside its range (-16777216 to 16777216)",
        ),
        (
            "beyond it with PX4's bytes",
            Some(Px4),
            |s| Box::pin(async move { told(s.param().set("BIG", ParamValue::Int(16_777_217)).await) }),
            "Int(16777217)",
        ),
        (
            "read-only",
            Some(ArduPilot),
            |s| Box::pin(async move { told(s.param().set_int("LOCKED", 4).await) }),
            "PARAM_SET refused: VALUE_KEPT: LOCKED is 3, not 4: Param write denied (LOCKED)",
        ),
        (
            "read-only",
            Some(Px4),
            |s| Box::pin(async move { told(s.param().set_int("LOCKED", 4).await) }),
            "the parameter refused: READ_ONLY: LOCKED",
        ),
        (
            "clamped",
            None,
            |s| Box::pin(async move { told(s.param().set_float("CLAMPED", 99.0).await) }),
            "PARAM_SET refused: VALUE_KEPT: CLAMPED is 10, not 99",
        ),
    ];
    for autopilot in BOTH {
        for (name, only, call, expected) in cases {
            if only.is_some_and(|only| only != autopilot) {
                continue;
            }
            let (mut world, system) = world(autopilot);
            let got = world.run(60.0, call(system));
            assert_eq!(got, *expected, "{autopilot:?}: {name}");
        }
    }
}

#[test]
fn a_safety_parameter_is_not_set_in_flight() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        world.side.armed = true;
        for _ in 0..60 {
            world.step();
        }
        let param = system.param();
        let error = world.run(20.0, async move { param.set_int("FENCE_ENABLE", 0).await }).expect_err("armed");
        assert!(matches!(error, RequestError::WrongState { needed: "disarmed", .. }), "{error}");
        assert_eq!(world.side.heard.get(&23), None, "nothing was sent");
        let param = system.param();
        world.run(20.0, async move { param.set_float("SPEED", 3.0).await }).expect("an ordinary one may be");
    }
}

#[test]
fn values_heard_are_kept_and_forgotten_in_time() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let param = system.param();
        assert_eq!(param.cached("SPEED"), None);
        let asking = param.clone();
        world.run(20.0, async move { asking.get("SPEED").await }).expect("a value");
        for _ in 0..100 {
            world.step();
        }
        let (value, age) = param.cached("SPEED").expect("it was heard");
        assert_eq!(value, ParamValue::Float(5.0));
        assert!((1.9..2.3).contains(&age.0), "{age:?}");
        world.side.params.find("SPEED").expect("it is there").value = 7.0;
        let mut out = lists::Out::default();
        world.side.params.tell_unasked("SPEED", &mut out);
        world.connection.feed(&out.frames.concat());
        assert_eq!(param.cached("SPEED").map(|(value, _)| value), Some(ParamValue::Float(7.0)), "changed by another");
        // The vehicle boots anew: its clock begins at zero.
        for _ in 0..400 {
            world.step();
        }
        let mut out = lists::Out::default();
        let mut payload = 20_u32.to_le_bytes().to_vec();
        payload.resize(28, 1);
        out.send::<mavlink::dialects::ardupilotmega::GLOBAL_POSITION_INT_DATA>(&payload);
        world.connection.feed(&out.frames.concat());
        assert_eq!(param.cached("SPEED"), None, "a vehicle that booted may have other values");
    }
}

#[test]
fn a_list_tells_its_progress_and_survives_a_change() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let param = system.param();
        let listing = async move {
            let mut seen = Vec::new();
            let all = param.list_reporting(|progress| seen.push(progress)).await?;
            Ok::<_, RequestError>((all, seen))
        };
        let mut ticks = 0;
        let (end, _) = world.run_while(60.0, listing, |side| {
            ticks += 1;
            if ticks == 10 {
                // A module has started: the list is longer and every index behind is another.
                let extra = side.params.list[3].clone();
                side.params.list.insert(5, lists::params::Param { name: "NEW_ONE".into(), ..extra });
            }
            true
        });
        let (all, seen) = end.expect("an end").expect("a list");
        assert_eq!(all.len(), world.side.params.list.len());
        assert!(all.iter().zip(&world.side.params.list).all(|(told, there)| told.name == there.name));
        assert_eq!(seen.last(), Some(&Progress { done: all.len() as u32, total: all.len() as u32 }));
    }
}

#[test]
fn the_users_items_are_the_vehicles_items_on_both() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let mut items = some_items(4);
        items.push(MissionItem::jump_to(1, 2));
        let (raw, sent) = (system.mission_raw(), items.clone());
        world.run(60.0, async move { raw.upload(&sent).await }).expect("uploaded");
        let stored = &world.side.items.lists[0];
        assert_eq!(stored.iter().map(|item| item.command).collect::<Vec<_>>(), [22, 16, 16, 16, 177]);
        let jump = f32::from_bits(stored[4].params[0]);
        assert_eq!(jump, if autopilot == Autopilot::ArduPilot { 2.0 } else { 1.0 }, "the vehicle's own number");
        let raw = system.mission_raw();
        let read = world.run(60.0, async move { raw.download().await }).expect("downloaded");
        assert_eq!(read.len(), items.len());
        assert_eq!((read[0].command, read[4].params), (22, items[4].params));
        match (autopilot, read[0].place) {
            (Autopilot::ArduPilot, Place::Here { altitude: HIGH }) => {}
            (Autopilot::Px4, Place::Global { lat_deg, altitude: HIGH, .. }) => {
                assert!((lat_deg - 47.397742).abs() < 1e-7)
            }
            (_, other) => panic!("{other:?}"),
        }
        let raw = system.mission_raw();
        world.run(60.0, async move { raw.clear().await }).expect("cleared");
        let raw = system.mission_raw();
        assert_eq!(world.run(60.0, async move { raw.download().await }), Ok(vec![]));
    }
}

#[test]
fn items_are_refused_by_their_index_and_lists_by_their_reason() {
    let upload: Call = |s| Box::pin(async move { told(s.mission_raw().upload(&some_items(5)).await) });
    let long: Call = |s| Box::pin(async move { told(s.mission_raw().upload(&some_items(900)).await) });
    let fence: Call = |s| {
        Box::pin(async move {
            let centre = GroundPoint { lat_deg: 47.4, lon_deg: 8.5 };
            told(s.geofence().upload(&[FenceArea::Circle { keep: Keep::In, centre, radius_m: 50.0 }]).await)
        })
    };
    let read_rally: Call = |s| Box::pin(async move { told(s.rally().download().await) });
    let nowhere: Call =
        |s| Box::pin(async move { told(s.mission_raw().upload(&[MissionItem::waypoint(100.0, 8.0, HIGH)]).await) });
    type Case = (&'static str, fn(&mut ListVehicle), Call, &'static str);
    let cases: [Case; 9] = [
        (
            "the item's index",
            |v| v.items.refuses = Some((3 + ahead(v), 10)),
            upload,
            "item 3 of the mission refused: INVALID_PARAM5_X",
        ),
        (
            "the first item",
            |v| v.items.refuses = Some((ahead(v), 3)),
            upload,
            "item 0 of the mission refused: UNSUPPORTED",
        ),
        ("too many", |_| {}, long, "the mission failed at the other side: NO_SPACE"),
        ("no fence there", |v| v.items.mission_only = true, fence, "the geofence is not offered by this system"),
        (
            "no rally points there",
            |v| v.items.mission_only = true,
            read_rally,
            "the list of rally points is not offered by this system",
        ),
        (
            "one list only",
            |v| v.items.knows_no_lists = true,
            read_rally,
            "the list of rally points is not offered by this system",
        ),
        ("nobody answers", |v| v.items.silent = true, upload, "MISSION_COUNT not answered after 12 attempts in 14.4 s"),
        (
            "a place that is none",
            |v| v.items.silent = true,
            nowhere,
            "item 0 of the mission refused: INVALID_PARAM5_X: the latitude is not within -90 to 90 degrees; nothing was sent",
        ),
        ("the other request message", |v| v.items.asks_int = !v.items.asks_int, upload, "()"),
    ];
    for autopilot in BOTH {
        for (name, prepare, call, expected) in cases {
            let (mut world, system) = world(autopilot);
            prepare(&mut world.side);
            assert_eq!(world.run(200.0, call(system)), expected, "{autopilot:?}: {name}");
        }
    }
}

fn ahead(vehicle: &ListVehicle) -> u16 {
    u16::from(vehicle.autopilot == Autopilot::ArduPilot)
}

#[test]
fn a_list_that_changes_while_it_is_read_is_read_anew() {
    for autopilot in BOTH {
        let slow = Quality { latency_s: 0.1, ..PERFECT };
        let mut world = World::new(ListVehicle::new(autopilot), slow, 1);
        let system = world.system();
        let (raw, items) = (system.mission_raw(), some_items(8));
        world.run(60.0, async move { raw.upload(&items).await }).expect("uploaded");
        let raw = system.mission_raw();
        let mut ticks = 0;
        let (end, _) = world.run_while(60.0, async move { raw.download().await }, |side| {
            ticks += 1;
            if ticks == 40 {
                side.items.lists[0].truncate(3);
            }
            true
        });
        assert_eq!(end.expect("an end").expect("a mission").len(), 3);
    }
}

#[test]
fn an_upload_that_is_dropped_is_cancelled_and_the_next_one_goes_well() {
    for autopilot in BOTH {
        let slow = Quality { latency_s: 0.1, ..PERFECT };
        let mut world = World::new(ListVehicle::new(autopilot), slow, 1);
        let system = world.system();
        let (raw, items) = (system.mission_raw(), some_items(20));
        let mut ticks = 0;
        let (end, _) = world.run_while(60.0, async move { raw.upload(&items).await }, |_| {
            ticks += 1;
            ticks < 80
        });
        assert!(end.is_none(), "it is under way");
        let (raw, items) = (system.mission_raw(), some_items(3));
        world.run(60.0, async move { raw.upload(&items).await }).expect("uploaded");
        assert_eq!(world.side.items.cancelled, 1);
        assert_eq!(world.side.items.lists[0].len(), 3);
    }
}

#[test]
fn two_lists_at_once_take_turns() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let (raw, rally) = (system.mission_raw(), system.rally());
        let both = async move {
            let items = some_items(6);
            let points = [RallyPoint { lat_deg: 47.4, lon_deg: 8.5, altitude: HIGH }];
            let mut mission = std::pin::pin!(raw.upload(&items));
            let mut meadow = std::pin::pin!(rally.upload(&points));
            let (mut a, mut b) = (None, None);
            std::future::poll_fn(|context| {
                use std::task::Poll;
                if a.is_none()
                    && let Poll::Ready(end) = mission.as_mut().poll(context)
                {
                    a = Some(end);
                }
                if b.is_none()
                    && let Poll::Ready(end) = meadow.as_mut().poll(context)
                {
                    b = Some(end);
                }
                if a.is_some() && b.is_some() { Poll::Ready(()) } else { Poll::Pending }
            })
            .await;
            (a.expect("an end"), b.expect("an end"))
        };
        assert_eq!(world.run(60.0, both), (Ok(()), Ok(())));
        let lengths = [0, 1, 2].map(|list| world.side.items.lists[list].len());
        assert_eq!(lengths, [6, 0, 1]);
    }
}

#[test]
fn fences_and_rally_points_come_back_as_they_were() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let at = |lat_deg, lon_deg| GroundPoint { lat_deg, lon_deg };
        let corners = vec![at(47.39, 8.54), at(47.40, 8.54), at(47.40, 8.55)];
        let areas = vec![
            FenceArea::Polygon { keep: Keep::In, corners },
            FenceArea::Circle { keep: Keep::Out, centre: at(47.395, 8.545), radius_m: 12.5 },
        ];
        let (fence, sent) = (system.geofence(), areas.clone());
        world.run(60.0, async move { fence.upload(&sent).await }).expect("uploaded");
        let fence = system.geofence();
        let read = world.run(60.0, async move { fence.download().await }).expect("downloaded");
        assert_eq!(format!("{read:.6?}"), format!("{areas:.6?}"));
        let points = [RallyPoint { lat_deg: 47.39, lon_deg: 8.54, altitude: Altitude::Amsl(510.0) }];
        let rally = system.rally();
        world.run(60.0, async move { rally.upload(&points).await }).expect("uploaded");
        let rally = system.rally();
        assert_eq!(world.run(60.0, async move { rally.download().await }).expect("downloaded").len(), 1);
        world.side.armed = true;
        for _ in 0..60 {
            world.step();
        }
        let fence = system.geofence();
        let error = world.run(60.0, async move { fence.clear().await }).expect_err("in flight");
        assert!(matches!(error, RequestError::WrongState { needed: "disarmed", .. }), "{error}");
        assert_eq!(world.side.items.lists[1].len(), 4);
    }
}

#[test]
fn starting_and_pausing_mean_the_same_on_both() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let raw = system.mission_raw();
        let error = world.run(20.0, async move { raw.start().await }).expect_err("not armed");
        assert!(matches!(error, RequestError::WrongState { needed: "armed", .. }), "{error}");
        world.side.armed = true;
        for _ in 0..60 {
            world.step();
        }
        let sent = |world: &World<ListVehicle>| -> Vec<(u16, f32)> {
            world.side.commands.iter().filter(|sent| sent.0 != 511).map(|sent| (sent.0, sent.1)).collect()
        };
        let raw = system.mission_raw();
        world.run(20.0, async move { raw.start().await }).expect("started");
        world.side.on_ground = false;
        for _ in 0..60 {
            world.step();
        }
        let raw = system.mission_raw();
        world.run(20.0, async move { raw.pause().await }).expect("paused");
        let raw = system.mission_raw();
        world.run(20.0, async move { raw.start().await }).expect("resumed");
        let expected: &[(u16, f32)] = match autopilot {
            Autopilot::ArduPilot => &[(300, 0.0), (193, 0.0), (193, 1.0)],
            Autopilot::Px4 => &[(176, 1.0), (176, 1.0), (176, 1.0)],
        };
        assert_eq!(sent(&world), expected, "{autopilot:?}");
        // ArduPilot pauses on the way to a waypoint only: elsewhere GUIDED holds the place.
        if autopilot == Autopilot::ArduPilot {
            world.side.results.insert(193, 4);
            let raw = system.mission_raw();
            world.run(20.0, async move { raw.pause().await }).expect("paused");
            assert_eq!(world.side.mode, 4);
        }
    }
}

#[test]
fn progress_counts_the_users_items() {
    for autopilot in BOTH {
        let (mut world, system) = world(autopilot);
        let (raw, items) = (system.mission_raw(), some_items(4));
        world.run(60.0, async move { raw.upload(&items).await }).expect("uploaded");
        let raw = system.mission_raw();
        let mut watch = world.run(20.0, async move { raw.watch().await }).expect("a watch");
        world.side.items.current = 2 + ahead(&world.side);
        let progress = world.run(20.0, async {
            loop {
                let progress = watch.next().await?;
                if progress.current == Some(2) {
                    return Ok::<_, RequestError>(progress);
                }
            }
        });
        let progress = progress.expect("progress");
        assert_eq!((progress.total, progress.state), (Some(4), MissionState::Active));
        let raw = system.mission_raw();
        world.side.results.insert(224, 2);
        let error = world.run(20.0, async move { raw.set_current(9).await }).expect_err("there is none");
        assert!(matches!(error, RequestError::ItemRefused { item: 9, result: "INVALID_SEQUENCE", .. }), "{error}");
    }
}

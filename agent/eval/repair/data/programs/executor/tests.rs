use super::*;

#[test]
fn timers_wake_in_time_and_order() {
    let mut executor = Executor::new();
    let log = Rc::new(RefCell::new(Vec::new()));
    for ticks in [3, 1, 2] {
        let (clock, log) = (executor.clock(), Rc::clone(&log));
        executor.spawn(async move {
            let woken = clock.sleep(ticks).await;
            log.borrow_mut().push((ticks, woken));
        });
    }
    assert_eq!(executor.pending(), 3);
    assert!(executor.run(10));
    assert_eq!(*log.borrow(), [(1, 1), (2, 2), (3, 3)]);
    assert_eq!(executor.clock().now(), 3);
}

#[test]
fn items_pass_from_task_to_task() {
    let mut executor = Executor::new();
    let (sender, receiver) = channel(4);
    let other = sender.clone();
    let first = executor.spawn(feed(executor.clock(), vec![1, 2, 3], sender));
    let second = executor.spawn(feed(executor.clock(), vec![10, 20], other));
    let total = executor.spawn(sum(receiver));
    assert!(executor.run(20));
    assert_eq!((*first.borrow(), *second.borrow(), *total.borrow()), (Some(3), Some(2), Some(36)));
}

#[test]
fn a_full_channel_gives_the_item_back() {
    let (sender, receiver) = channel(1);
    assert_eq!(sender.send('a'), Ok(()));
    assert_eq!(sender.send('b'), Err('b'));
    drop(sender);
    let mut executor = Executor::new();
    let read = executor.spawn(async move { (receiver.next().await, receiver.next().await) });
    assert!(executor.run(0));
    assert_eq!(*read.borrow(), Some((Some('a'), None)));
}

#[test]
fn a_task_that_waits_too_long_is_left() {
    let mut executor = Executor::new();
    let clock = executor.clock();
    let slept = executor.spawn(async move { clock.sleep(100).await });
    assert!(!executor.run(5));
    assert_eq!((executor.pending(), *slept.borrow()), (1, None));
}

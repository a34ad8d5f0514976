use super::*;

#[test]
fn listeners_hear_until_they_leave() {
    let heard = Rc::new(RefCell::new(Vec::new()));
    let mut bus: Bus<u8> = Bus::new();
    let log = Rc::clone(&heard);
    bus.listen(move |event| {
        log.borrow_mut().push(('a', *event));
        Reaction::Stay
    });
    let log = heard.clone();
    let once = bus.listen(move |event| {
        log.borrow_mut().push(('b', *event));
        Reaction::Leave
    });
    assert_eq!((bus.tell(&1), bus.tell(&2)), (2, 1));
    assert_eq!(*heard.borrow(), [('a', 1), ('b', 1), ('a', 2)]);
    assert!(!bus.forget(once) && bus.forget(0));
    assert_eq!(bus.tell(&3), 0);
}

#[test]
fn a_tree_knows_its_paths_and_sizes() {
    let root = Widget::new("root", 1);
    let leaf = Widget::new("leaf", 5);
    let branch = Widget::new("branch", 2);
    branch.adopt(Rc::clone(&leaf));
    root.adopt(branch);
    assert_eq!((leaf.path(), root.total()), ("root/branch/leaf".to_string(), 8));
    drop(root);
    assert_eq!(leaf.path(), "leaf");
}

#[test]
fn changes_are_undone_and_done_again() {
    let widget = Widget::new("old", 10);
    let mut editor = Editor::of(&widget);
    let grown = Rc::new(RefCell::new(0));
    let sum = Rc::clone(&grown);
    editor.bus().listen(move |change| {
        if let Change::Grew { by } = change {
            *sum.borrow_mut() += by;
        }
        Reaction::Stay
    });
    editor.rename("new");
    editor.grow(4);
    assert_eq!((widget.path(), widget.total()), ("new".to_string(), 14));
    assert!(editor.undo() && editor.undo());
    assert!(!editor.undo());
    assert_eq!((widget.path(), widget.total()), ("old".to_string(), 10));
    assert!(editor.redo());
    assert_eq!(widget.path(), "new");
    editor.grow(1);
    assert!(!editor.redo());
    assert_eq!(*grown.borrow(), 1);
}

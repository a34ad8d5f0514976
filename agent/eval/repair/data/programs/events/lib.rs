//! A bus of events: listeners come and go, a tree of widgets listens, and what happened is undone step by step.
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::{Rc, Weak};

type Listener<E> = Box<dyn FnMut(&E) -> Reaction>;

/// Whether a listener wants to hear more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reaction {
    Stay,
    Leave,
}

#[derive(Default)]
pub struct Bus<E> {
    listeners: BTreeMap<u32, Listener<E>>,
    next: u32,
}

impl<E> Bus<E> {
    pub fn new() -> Self {
        Bus { listeners: BTreeMap::new(), next: 0 }
    }

    pub fn listen(&mut self, listener: impl FnMut(&E) -> Reaction + 'static) -> u32 {
        let id = self.next;
        self.next += 1;
        self.listeners.insert(id, Box::new(listener));
        id
    }

    pub fn forget(&mut self, id: u32) -> bool {
        self.listeners.remove(&id).is_some()
    }

    /// How many have heard it.
    pub fn tell(&mut self, event: &E) -> usize {
        let heard = self.listeners.len();
        self.listeners.retain(|_, listener| listener(event) == Reaction::Stay);
        heard
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Renamed { from: String, to: String },
    Grew { by: i32 },
}

/// A widget that knows its parent without owning it.
#[derive(Debug)]
pub struct Widget {
    name: RefCell<String>,
    size: RefCell<i32>,
    parent: RefCell<Weak<Widget>>,
    children: RefCell<Vec<Rc<Widget>>>,
}

impl Widget {
    pub fn new(name: &str, size: i32) -> Rc<Widget> {
        Rc::new(Widget {
            name: RefCell::new(name.to_string()),
            size: RefCell::new(size),
            parent: RefCell::new(Weak::new()),
            children: RefCell::new(Vec::new()),
        })
    }

    pub fn adopt(self: &Rc<Self>, child: Rc<Widget>) {
        *child.parent.borrow_mut() = Rc::downgrade(self);
        self.children.borrow_mut().push(child);
    }

    pub fn path(&self) -> String {
        let name = self.name.borrow().clone();
        match self.parent.borrow().upgrade() {
            Some(parent) => format!("{}/{name}", parent.path()),
            None => name,
        }
    }

    pub fn total(&self) -> i32 {
        let below: i32 = self.children.borrow().iter().map(|child| child.total()).sum();
        *self.size.borrow() + below
    }

    fn apply(&self, change: &Change) {
        match change {
            Change::Renamed { to, .. } => *self.name.borrow_mut() = to.clone(),
            Change::Grew { by } => *self.size.borrow_mut() += by,
        }
    }
}

/// Changes of one widget, which can be undone and told about.
pub struct Editor {
    widget: Rc<Widget>,
    done: Vec<Change>,
    undone: Vec<Change>,
    bus: Bus<Change>,
}

impl Editor {
    pub fn of(widget: &Rc<Widget>) -> Self {
        Editor { widget: Rc::clone(widget), done: Vec::new(), undone: Vec::new(), bus: Bus::new() }
    }

    pub fn bus(&mut self) -> &mut Bus<Change> {
        &mut self.bus
    }

    pub fn rename(&mut self, to: &str) {
        let from = self.widget.name.borrow().clone();
        self.make(Change::Renamed { from, to: to.to_string() });
    }

    pub fn grow(&mut self, by: i32) {
        self.make(Change::Grew { by });
    }

    fn make(&mut self, change: Change) {
        self.widget.apply(&change);
        self.bus.tell(&change);
        self.done.push(change);
        self.undone.clear();
    }

    pub fn undo(&mut self) -> bool {
        let Some(change) = self.done.pop() else { return false };
        let back = inverse(&change);
        self.widget.apply(&back);
        self.bus.tell(&back);
        self.undone.push(change);
        true
    }

    pub fn redo(&mut self) -> bool {
        match self.undone.pop() {
            Some(change) => {
                self.widget.apply(&change);
                self.bus.tell(&change);
                self.done.push(change);
                true
            }
            None => false,
        }
    }
}

fn inverse(change: &Change) -> Change {
    match change {
        Change::Renamed { from, to } => Change::Renamed { from: to.clone(), to: from.clone() },
        Change::Grew { by } => Change::Grew { by: -by },
    }
}

#[cfg(test)]
mod tests;

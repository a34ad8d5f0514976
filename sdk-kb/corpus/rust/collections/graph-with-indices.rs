//! # A graph or linked structure without pointers
//!
//! - How do I implement a graph in Rust?
//! - linked list with indices instead of references
//! - topological sort and cycle detection
//!
//! Keep the nodes in a `Vec` and refer to them by index: no lifetimes, no `Rc`, and cycles are harmless. Kahn's algorithm repeatedly
//! takes nodes on which nothing is waiting; if some are left over, there is a cycle.
//!
//! Pitfalls:
//! - Wrap the index in a type of its own (`struct NodeId(usize)`) if there are several kinds.

use std::collections::VecDeque;

#[derive(Debug, Clone, Copy, PartialEq)]
struct StepId(usize);

#[derive(Default)]
struct Plan {
    names: Vec<&'static str>,
    followers: Vec<Vec<StepId>>,
}

impl Plan {
    fn step(&mut self, name: &'static str, after: &[StepId]) -> StepId {
        let id = StepId(self.names.len());
        self.names.push(name);
        self.followers.push(Vec::new());
        for before in after {
            self.followers[before.0].push(id);
        }
        id
    }

    /// The steps in an order that respects what comes after what; `None` if they wait in a circle.
    fn order(&self) -> Option<Vec<&'static str>> {
        let mut waiting_for = vec![0; self.names.len()];
        for follower in self.followers.iter().flatten() {
            waiting_for[follower.0] += 1;
        }
        let mut ready: VecDeque<usize> = (0..self.names.len()).filter(|&step| waiting_for[step] == 0).collect();
        let mut order = Vec::new();
        while let Some(step) = ready.pop_front() {
            order.push(self.names[step]);
            for follower in &self.followers[step] {
                waiting_for[follower.0] -= 1;
                if waiting_for[follower.0] == 0 {
                    ready.push_back(follower.0);
                }
            }
        }
        (order.len() == self.names.len()).then_some(order)
    }
}

fn main() {
    let mut plan = Plan::default();
    let connect = plan.step("connect", &[]);
    let camera = plan.step("camera", &[connect]);
    let arm = plan.step("arm", &[connect]);
    plan.step("photo", &[arm, camera]);
    assert_eq!(plan.order(), Some(vec!["connect", "camera", "arm", "photo"]));

    plan.followers[arm.0].push(connect);
    assert_eq!(plan.order(), None, "a circle");
}

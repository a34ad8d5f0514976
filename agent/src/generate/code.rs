//! The body of a generated function before it is text: statements that fly, and assignments that only keep track.
//!
//! The translation of the steps keeps track of everything at every step (`here`, `heading`, ..). [`without_dead`] drops what
//! nothing reads, [`declared`] declares what is left where it is first set, and [`lines`] writes it.
use super::{layout, words};
use std::collections::BTreeSet;

/// A statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Node {
    /// A comment on what follows, with a blank line before it.
    Comment(String),
    /// Sets a variable; without any other effect, so that it goes when nothing reads it.
    Set {
        /// Its name.
        var: &'static str,
        /// What to.
        value: String,
        /// How it is declared.
        scope: Scope,
    },
    /// An expression that does something.
    Do(String),
    /// A loop over `head` (`side in SIDES`).
    For {
        /// Pattern and iterator.
        head: String,
        /// What is done each time.
        body: Vec<Node>,
        /// The figure whose sides these are, where it ends in its first corner.
        figure: Option<&'static str>,
    },
    /// A branch.
    If {
        /// The question.
        condition: String,
        /// If it holds.
        then: Vec<Node>,
        /// If not.
        otherwise: Vec<Node>,
    },
    /// The value that the function ends with.
    End(String),
}

/// Where a variable lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// Tracked through the flight: declared at its first use, set again later.
    Flight,
    /// Of one step only: declared here, whether there was one of that name before or not.
    Step,
    /// Resolved: declared here, whether to be set again or not.
    Declared {
        /// Set again later.
        mutable: bool,
    },
    /// Resolved: declared here without a value, which the branches that follow give it.
    Later {
        /// Set again later.
        mutable: bool,
    },
    /// Resolved: declared before.
    Assigned,
}

impl Node {
    /// Sets a variable that is tracked through the flight.
    pub(super) fn track(var: &'static str, value: impl Into<String>) -> Node {
        Node::Set { var, value: value.into(), scope: Scope::Flight }
    }
    /// Declares a variable of one step.
    pub(super) fn local(var: &'static str, value: impl Into<String>) -> Node {
        Node::Set { var, value: value.into(), scope: Scope::Step }
    }
    /// A loop.
    pub(super) fn each(head: impl Into<String>, body: Vec<Node>) -> Node {
        Node::For { head: head.into(), body, figure: None }
    }
    /// Does something.
    pub(super) fn call(text: impl Into<String>) -> Node {
        Node::Do(text.into())
    }
}

/// The call that flies to where the vehicle is meant to be next.
pub(super) const GO_TO_HERE: &str = "vehicle.go_to(here).await?";

/// Names of variables.
pub(super) type Names = BTreeSet<&'static str>;

/// The variables that generated code may use; a [`Node::Set`] names one of them.
const VARIABLES: [&str; 16] = [
    "here",
    "heading",
    "nose",
    "speed",
    "from",
    "target",
    "centre",
    "course",
    "across",
    "aside",
    "start_bearing",
    "laps",
    "orbit",
    "spiral",
    "stops",
    "nose_target",
];

/// Drops what nothing reads.
pub(super) fn without_dead(nodes: Vec<Node>) -> Vec<Node> {
    live(nodes, &Names::new()).0
}

/// Declares variables where they are first set, but for the `given` ones, which are declared already.
pub(super) fn declared(mut kept: Vec<Node>, given: &[&str]) -> Vec<Node> {
    for var in VARIABLES {
        declare(&mut kept, var, given.contains(&var));
        make_mutable(&mut kept, var);
    }
    kept
}

/// The variables that `text` reads: not fields, methods, labels of fields or parts of paths of the same name.
pub(super) fn reads(text: &str) -> Names {
    let is_word = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let mut names = Names::new();
    for name in VARIABLES {
        for (at, _) in text.match_indices(name) {
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            let is_whole = !before.ends_with(is_word) && !after.starts_with(is_word);
            let is_other = (before.ends_with('.') && !before.ends_with("..")) || before.ends_with("::");
            if is_whole && !is_other && !after.starts_with(':') {
                names.insert(name);
            }
        }
    }
    names
}

/// The nodes that have an effect when `after` is read behind them, and what is read of what was set before them.
fn live(nodes: Vec<Node>, after: &Names) -> (Vec<Node>, Names) {
    let mut needed = after.clone();
    let mut kept = Vec::with_capacity(nodes.len());
    let mut leads_there_only = false;
    for node in nodes.into_iter().rev() {
        match node {
            // A place that is only flown to needs no name.
            Node::Set { var: "here", value, .. } if std::mem::take(&mut leads_there_only) => {
                kept.pop();
                needed.remove("here");
                needed.extend(reads(&value));
                kept.push(Node::Do(format!("vehicle.go_to({value}).await?")));
            }
            Node::Set { var, ref value, .. } if !needed.contains(var) || value == var => continue,
            Node::Set { var, ref value, .. } => {
                needed.remove(var);
                needed.extend(reads(value));
                kept.push(node);
            }
            Node::Do(ref text) => {
                leads_there_only = text == GO_TO_HERE && !needed.contains("here");
                needed.extend(reads(text));
                kept.push(node);
                continue;
            }
            Node::End(ref text) => {
                needed = reads(text);
                kept.push(node);
            }
            Node::For { head, body, figure } => {
                let mut around = needed.clone();
                loop {
                    let (_, before) = live(body.clone(), &around);
                    let wider: Names = around.union(&before).copied().collect();
                    if wider == around {
                        break;
                    }
                    around = wider;
                }
                let (body, _) = live(body, &around);
                needed = around;
                needed.extend(reads(&head));
                kept.push(Node::For { head, body, figure });
            }
            Node::If { condition, then, otherwise } => {
                let (then, needed_then) = live(then, &needed);
                let (otherwise, needed_otherwise) = live(otherwise, &needed);
                needed = needed_then.union(&needed_otherwise).copied().collect();
                needed.extend(reads(&condition));
                kept.push(Node::If { condition, then, otherwise });
            }
            Node::Comment(_) => kept.push(node),
        }
        leads_there_only = false;
    }
    kept.reverse();
    (kept, needed)
}

/// Decides for every setting of `name` whether it declares the variable or assigns to it.
fn declare(nodes: &mut Vec<Node>, name: &'static str, mut declared: bool) {
    let mut first_set_in_branches = None;
    for index in 0..nodes.len() {
        let (before, after) = nodes.split_at_mut(index + 1);
        let node = &mut before[index];
        let branches = !declared && matches!(node, Node::If { .. });
        if branches && live(after.to_vec(), &Names::new()).1.contains(name) {
            // Dead before, set in both branches, read behind them.
            first_set_in_branches = Some((index, sets_again(node, name) || after.iter().any(|n| sets(n, name) > 0)));
            declared = true;
        }
        match node {
            Node::Set { var, scope, .. } if *var == name => {
                *scope = if declared && *scope == Scope::Flight {
                    Scope::Assigned
                } else {
                    Scope::Declared { mutable: false }
                };
                declared = true;
            }
            Node::For { body, .. } => declare(body, name, declared),
            Node::If { then, otherwise, .. } => {
                declare(then, name, declared);
                declare(otherwise, name, declared);
            }
            _ => {}
        }
    }
    if let Some((index, mutable)) = first_set_in_branches {
        nodes.insert(index, Node::Set { var: name, value: String::new(), scope: Scope::Later { mutable } });
    }
}

/// How often `name` is set, a loop counting as often.
fn sets(node: &Node, name: &'static str) -> usize {
    let sum = |nodes: &[Node]| nodes.iter().map(|node| sets(node, name)).sum::<usize>();
    match node {
        Node::Set { var, scope: Scope::Flight | Scope::Assigned, .. } => usize::from(*var == name),
        Node::For { body, .. } => 2 * sum(body),
        Node::If { then, otherwise, .. } => sum(then) + sum(otherwise),
        _ => 0,
    }
}

/// Whether a branch sets `name` more than once on one way through.
fn sets_again(node: &Node, name: &'static str) -> bool {
    let Node::If { then, otherwise, .. } = node else { return false };
    [then, otherwise].iter().any(|way| way.iter().map(|node| sets(node, name)).sum::<usize>() > 1)
}

/// Marks the declarations of `name` that are assigned to later.
fn make_mutable(nodes: &mut [Node], name: &'static str) {
    for index in 0..nodes.len() {
        let (before, after) = nodes.split_at_mut(index + 1);
        match &mut before[index] {
            Node::Set { var, scope: Scope::Declared { mutable }, .. } if *var == name => {
                *mutable = is_assigned(after, name);
            }
            Node::For { body, .. } => make_mutable(body, name),
            Node::If { then, otherwise, .. } => {
                make_mutable(then, name);
                make_mutable(otherwise, name);
            }
            _ => {}
        }
    }
}

fn is_assigned(nodes: &[Node], name: &'static str) -> bool {
    for node in nodes {
        match node {
            Node::Set { var, scope: Scope::Declared { .. }, .. } if *var == name => return false,
            Node::Set { var, scope: Scope::Assigned, .. } if *var == name => return true,
            Node::For { body, .. } if is_assigned(body, name) => return true,
            Node::If { then, otherwise, .. } if is_assigned(then, name) || is_assigned(otherwise, name) => return true,
            _ => {}
        }
    }
    false
}

/// The nodes with every expression put through `change`.
pub(super) fn with_texts(nodes: &[Node], change: &impl Fn(&str) -> String) -> Vec<Node> {
    let changed = |node: &Node| match node {
        Node::Comment(text) => Node::Comment(text.clone()),
        Node::Set { var, value, scope } => Node::Set { var, value: change(value), scope: *scope },
        Node::Do(text) => Node::Do(change(text)),
        Node::End(text) => Node::End(change(text)),
        Node::For { head, body, figure } => {
            Node::For { head: change(head), body: with_texts(body, change), figure: *figure }
        }
        Node::If { condition, then, otherwise } => Node::If {
            condition: change(condition),
            then: with_texts(then, change),
            otherwise: with_texts(otherwise, change),
        },
    };
    nodes.iter().map(changed).collect()
}

/// Whether one of `nodes` borrows the vehicle mutably: any flying call, not only reading it or ending the flight.
pub(super) fn flies(nodes: &[Node]) -> bool {
    nodes.iter().any(|node| match node {
        Node::Do(_) => true,
        Node::For { body, .. } => flies(body),
        Node::If { then, otherwise, .. } => flies(then) || flies(otherwise),
        _ => false,
    })
}

/// Whether `nodes` end the flight on every way through.
fn ends(nodes: &[Node]) -> bool {
    match nodes.last() {
        Some(Node::End(_)) => true,
        Some(Node::If { then, otherwise, .. }) => ends(then) && ends(otherwise),
        _ => false,
    }
}

/// The lines of a block behind `indent` spaces. `tail`: the block's value is the function's.
pub(super) fn lines(nodes: &[Node], indent: usize, tail: bool) -> String {
    let mut text = String::new();
    for (index, node) in nodes.iter().enumerate() {
        let tail = tail && index + 1 == nodes.len();
        match node {
            Node::Comment(comment) => {
                if index > 0 && !matches!(nodes[index - 1], Node::Comment(_)) {
                    text.push('\n');
                }
                text.push_str(&words::comment(comment, indent));
            }
            Node::Set { var, scope: Scope::Later { mutable }, .. } => {
                text.push_str(&format!("{:indent$}let {}{var};\n", "", if *mutable { "mut " } else { "" }));
            }
            Node::Set { var, value, scope } => {
                let declaration = match scope {
                    Scope::Declared { mutable: true } => "let mut ",
                    Scope::Assigned => "",
                    _ => "let ",
                };
                text.push_str(&layout::statement(&format!("{declaration}{var} = "), value, ";", indent));
            }
            Node::Do(call) => text.push_str(&layout::statement("", call, ";", indent)),
            Node::For { head, body, .. } => {
                let body = lines(body, indent + 4, false);
                text.push_str(&format!("{:indent$}for {head} {{\n{body}{:indent$}}}\n", "", ""));
            }
            Node::If { condition, then, otherwise } => {
                let tail = tail && ends(nodes);
                text.push_str(&format!("{:indent$}if {condition} {{\n{}", "", lines(then, indent + 4, tail)));
                if !otherwise.is_empty() {
                    text.push_str(&format!("{:indent$}}} else {{\n{}", "", lines(otherwise, indent + 4, tail)));
                }
                text.push_str(&format!("{:indent$}}}\n", ""));
            }
            Node::End(value) if tail => text.push_str(&layout::statement("", value, "", indent)),
            Node::End(value) => text.push_str(&layout::statement("return ", value, ";", indent)),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::expect;

    #[test]
    fn tracking_that_nothing_reads_is_dropped_and_the_rest_declared_where_it_is_first_set() {
        let nodes = vec![
            Node::track("here", "takeoff"),
            Node::track("heading", "vehicle.heading()"),
            Node::Comment("first".into()),
            Node::track("here", "TOWER"),
            Node::call("vehicle.go_to(TOWER).await?"),
            Node::each(
                "_ in 0..4",
                vec![Node::track("here", "here.towards(a)"), Node::call("vehicle.go_to(here).await?")],
            ),
            Node::track("here", "home"),
            Node::End("vehicle.land().await".into()),
        ];
        expect![[r#"
            // first
            let mut here = TOWER;
            vehicle.go_to(TOWER).await?;
            for _ in 0..4 {
                here = here.towards(a);
                vehicle.go_to(here).await?;
            }
            vehicle.land().await
        "#]]
        .assert_eq(&lines(&declared(without_dead(nodes), &[]), 0, true));
    }

    #[test]
    fn a_branch_that_ends_the_flight_returns() {
        let nodes = vec![
            Node::If {
                condition: "windy".into(),
                then: vec![Node::End("vehicle.land().await".into())],
                otherwise: vec![],
            },
            Node::If {
                condition: "low".into(),
                then: vec![Node::End("a.await".into())],
                otherwise: vec![Node::End("b.await".into())],
            },
        ];
        expect![[r#"
            if windy {
                return vehicle.land().await;
            }
            if low {
                a.await
            } else {
                b.await
            }
        "#]]
        .assert_eq(&lines(&declared(without_dead(nodes), &[]), 0, true));
    }
}

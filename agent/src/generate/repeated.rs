//! Figures that a mission flies more than once become functions of their own.
use super::code::{self, Names, Node};

/// A function that flies one closed figure.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Function {
    /// Its name.
    pub name: String,
    /// What the figure is.
    pub figure: &'static str,
    /// Its statements.
    pub body: Vec<Node>,
}

/// Takes figures that occur more than once out of `nodes`, whose dead assignments are gone and whose variables are not declared yet.
pub(super) fn taken_out(nodes: &mut Vec<Node>) -> Vec<Function> {
    let mut loops = Vec::new();
    collect(nodes, &mut loops);
    let mut functions: Vec<(Node, Function)> = Vec::new();
    for (index, node) in loops.iter().enumerate() {
        let is_first = !loops[..index].contains(node);
        let Node::For { figure: Some(figure), .. } = node else { continue };
        if !is_first || !loops[index + 1..].contains(node) {
            continue;
        }
        let before = functions.iter().filter(|(_, known)| known.figure == *figure).count();
        let name = match before {
            0 => format!("fly_{figure}"),
            _ => format!("fly_{figure}_number_{}", before + 1),
        };
        let body = vec![Node::local("here", "first_corner"), node.clone()];
        functions.push((node.clone(), Function { name, figure, body }));
    }
    replace(nodes, &functions);
    functions.into_iter().map(|(_, function)| function).collect()
}

/// All figures whose loops use nothing but where they are and their course.
fn collect(nodes: &[Node], loops: &mut Vec<Node>) {
    for (index, node) in nodes.iter().enumerate() {
        match node {
            Node::For { figure: Some(_), body, .. } if course_before(nodes, index).is_some() && is_closed(body) => {
                loops.push(node.clone());
            }
            Node::For { body, .. } => collect(body, loops),
            Node::If { then, otherwise, .. } => {
                collect(then, loops);
                collect(otherwise, loops);
            }
            _ => {}
        }
    }
}

/// The course that is set just before the loop at `index`.
fn course_before(nodes: &[Node], index: usize) -> Option<&str> {
    match nodes.get(index.checked_sub(1)?)? {
        Node::Set { var: "course", value, .. } => Some(value),
        _ => None,
    }
}

fn is_closed(body: &[Node]) -> bool {
    let allowed = Names::from(["here", "course"]);
    body.iter().all(|node| match node {
        Node::Set { var, value, .. } => allowed.contains(var) && code::reads(value).is_subset(&allowed),
        Node::Do(text) => code::reads(text).is_subset(&allowed),
        Node::Comment(_) => true,
        _ => false,
    })
}

fn replace(nodes: &mut Vec<Node>, functions: &[(Node, Function)]) {
    let mut index = 0;
    while index < nodes.len() {
        let known = functions.iter().find(|(node, _)| *node == nodes[index]);
        if let Some(((_, function), course)) = known.zip(course_before(nodes, index).map(str::to_owned)) {
            let call = Node::call(format!("{}(&mut vehicle, here, {course}).await?", function.name));
            nodes.splice(index - 1..=index, [call]);
            continue;
        }
        match &mut nodes[index] {
            Node::For { body, .. } => replace(body, functions),
            Node::If { then, otherwise, .. } => {
                replace(then, functions);
                replace(otherwise, functions);
            }
            _ => {}
        }
        index += 1;
    }
}

impl Function {
    /// The lines of the function. `change` puts the names of constants into expressions.
    pub(super) fn lines(&self, change: &impl Fn(&str) -> String) -> String {
        let body = code::declared(self.body.clone(), &["course"]);
        let body = code::lines(&code::with_texts(&body, change), 4, false);
        let (name, figure) = (&self.name, self.figure);
        let article = if figure.starts_with('o') { "an" } else { "a" };
        format!(
            "
/// Flies {article} {figure} that begins and ends at `first_corner`; `course` is that of its first side.
async fn {name}(
    vehicle: &mut Vehicle<Airborne>,
    first_corner: PositionNed,
    mut course: Degrees,
) -> Result<(), FlightError> {{
{body}    Ok(())
}}
"
        )
    }
}

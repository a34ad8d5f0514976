//! Changes shown as a unified diff.
//!
//! It leaves to others: applying one.

use std::fmt::Write;
use std::path::Path;

const CONTEXT: usize = 3;

/// The unified diff of one file; nothing if it is the same.
#[must_use]
pub fn unified(path: &Path, before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    let blocks = changed_blocks(&old, &new);
    let mut text = String::new();
    if blocks.is_empty() {
        return text;
    }
    let path = path.display();
    let _ = write!(text, "--- a/{path}\n+++ b/{path}\n");
    let mut index = 0;
    while index < blocks.len() {
        // Blocks whose contexts would touch share a hunk.
        let mut last = index;
        while blocks.get(last + 1).is_some_and(|next| next.old_start <= blocks[last].old_end + 2 * CONTEXT) {
            last += 1;
        }
        let (first, end) = (&blocks[index], &blocks[last]);
        let lead = first.old_start.min(CONTEXT);
        let trail = (old.len() - end.old_end).min(CONTEXT);
        let (old_start, new_start) = (first.old_start - lead, first.new_start - lead);
        let (old_count, new_count) = (end.old_end + trail - old_start, end.new_end + trail - new_start);
        let _ = writeln!(text, "@@ -{},{old_count} +{},{new_count} @@", old_start + 1, new_start + 1);
        let mut at = old_start;
        for block in &blocks[index..=last] {
            old[at..block.old_start].iter().for_each(|line| put(&mut text, ' ', line));
            old[block.old_start..block.old_end].iter().for_each(|line| put(&mut text, '-', line));
            new[block.new_start..block.new_end].iter().for_each(|line| put(&mut text, '+', line));
            at = block.old_end;
        }
        old[at..at + trail].iter().for_each(|line| put(&mut text, ' ', line));
        index = last + 1;
    }
    text
}

fn put(text: &mut String, sign: char, line: &str) {
    text.push(sign);
    text.push_str(line);
    if !line.ends_with('\n') {
        text.push_str("\n\\ No newline at end of file\n");
    }
}

/// Lines `old_start..old_end` that became `new_start..new_end`, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// First line of the text before.
    pub old_start: usize,
    /// Line after the last of the text before.
    pub old_end: usize,
    /// First line of the text after.
    pub new_start: usize,
    /// Line after the last of the text after.
    pub new_end: usize,
}

/// What lines differ between two texts.
#[must_use]
pub fn changed_lines(before: &str, after: &str) -> Vec<Block> {
    let (old, new): (Vec<&str>, Vec<&str>) =
        (before.split_inclusive('\n').collect(), after.split_inclusive('\n').collect());
    changed_blocks(&old, &new)
}

/// The longest common subsequence of the part that differs, by the plain table; beyond a million cells, one block.
fn changed_blocks(old: &[&str], new: &[&str]) -> Vec<Block> {
    let head = old.iter().zip(new).take_while(|(one, other)| one == other).count();
    let rest = old.len().min(new.len()) - head;
    let tail = old.iter().rev().zip(new.iter().rev()).take(rest).take_while(|(one, other)| one == other).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    if a.is_empty() && b.is_empty() {
        return Vec::new();
    }
    if a.len() * b.len() > 1_000_000 {
        return vec![Block { old_start: head, old_end: head + a.len(), new_start: head, new_end: head + b.len() }];
    }
    let width = b.len() + 1;
    let mut common = vec![0_u32; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            common[i * width + j] = if a[i] == b[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut blocks: Vec<Block> = Vec::new();
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            (i, j) = (i + 1, j + 1);
            continue;
        }
        let (start_i, start_j) = (i, j);
        while (i < a.len() || j < b.len()) && !(i < a.len() && j < b.len() && a[i] == b[j]) {
            let drop_old = j == b.len() || i < a.len() && common[(i + 1) * width + j] >= common[i * width + j + 1];
            if drop_old { i += 1 } else { j += 1 }
        }
        blocks.push(Block {
            old_start: head + start_i,
            old_end: head + i,
            new_start: head + start_j,
            new_end: head + j,
        });
    }
    blocks
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use expect_test::expect;

    use super::unified;

    #[test]
    fn shows_what_changed() {
        let before: String = (1..=20).map(|number| format!("line {number}\n")).collect();
        let after =
            before.replace("line 3\n", "three\n").replace("line 15\n", "").replace("line 20\n", "line 20\nmore");
        expect![[r"
            --- a/src/lib.rs
            +++ b/src/lib.rs
            @@ -1,6 +1,6 @@
             line 1
             line 2
            -line 3
            +three
             line 4
             line 5
             line 6
            @@ -12,9 +12,9 @@
             line 12
             line 13
             line 14
            -line 15
             line 16
             line 17
             line 18
             line 19
             line 20
            +more
            \ No newline at end of file
        "]]
        .assert_eq(&unified(Path::new("src/lib.rs"), &before, &after));
        assert_eq!(unified(Path::new("a"), "x\n", "x\n"), "");
    }
}

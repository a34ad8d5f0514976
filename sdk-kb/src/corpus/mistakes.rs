//! Mistakes that code generators make with the SDK, from the tests that hold the compiler to its words:
//! `sdk/tests/mistakes/NN-name.rs` is wrong, `NN-name.fixed.rs` is right, `cases/NN-name.stderr` is what the compiler says.
use super::read_text;
use super::tasks::LICENCE;
use crate::error::KbError;
use crate::item::{Item, Kind};
use std::path::Path;

/// One item for each mistake that has a right version.
pub(super) fn read(folder: &Path) -> Result<Vec<Item>, KbError> {
    let mut items = Vec::new();
    for path in super::files_in(folder, "rs")? {
        let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|name| !name.contains('.')) else {
            continue;
        };
        let fixed = path.with_extension("fixed.rs");
        if !fixed.is_file() {
            return Err(KbError::Malformed {
                path: path.clone(),
                reason: "there is no right version beside it".into(),
            });
        }
        let (header, wrong) = split(&read_text(&path)?);
        let (_, right) = split(&read_text(&fixed)?);
        let said = folder.join("cases").join(name).with_extension("stderr");
        let said = if said.is_file() { read_text(&said)? } else { String::new() };
        items.push(Item {
            id: format!("mistake:{name}"),
            kind: Kind::Mistake,
            title: name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').replace('-', " "),
            text: [header, said.trim().to_owned()].join("\n\n").trim().to_owned(),
            code: format!("// Wrong:\n{wrong}\n\n// Right:\n{right}"),
            source: format!("sdk/tests/mistakes/{name}.rs"),
            licence: LICENCE.into(),
            autopilot: None,
            asked: String::new(),
            dialect: None,
            sdk_version: None,
        });
    }
    Ok(items)
}

/// The leading `//!` block without its marks, and the code.
fn split(source: &str) -> (String, String) {
    let header: Vec<&str> = source.lines().take_while(|line| line.starts_with("//!")).collect();
    let code = source.lines().skip(header.len()).collect::<Vec<_>>().join("\n").trim().to_owned();
    (header.iter().map(|line| line[3..].trim()).collect::<Vec<_>>().join("\n"), code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_mistake_is_wrong_code_the_compilers_words_and_right_code() {
        let dir = tempfile::tempdir().expect("a folder");
        fs::create_dir(dir.path().join("cases")).expect("made");
        let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).expect("written");
        write("07-bare-height.rs", "//! The mistake: a bare number.\nfly(10.0)\n");
        write("07-bare-height.fixed.rs", "//! Mended.\nfly(AboveHome(10.0))\n");
        write("cases/07-bare-height.stderr", "error[E0308]: mismatched types\n");
        let items = read(dir.path()).expect("whole");
        assert_eq!(items.len(), 1);
        assert_eq!((items[0].id.as_str(), items[0].title.as_str()), ("mistake:07-bare-height", "bare height"));
        assert_eq!(items[0].text, "The mistake: a bare number.\n\nerror[E0308]: mismatched types");
        assert_eq!(items[0].code, "// Wrong:\nfly(10.0)\n\n// Right:\nfly(AboveHome(10.0))");

        write("08-alone.rs", "fly()\n");
        assert!(matches!(read(dir.path()), Err(KbError::Malformed { .. })));
    }
}

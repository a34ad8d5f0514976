//! `fix` on projects as people have them: workspaces with features, macros and tests, and what stands in its way, with the real program.
use flightsmith_tests::{Said, at_home};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

struct Project {
    home: tempfile::TempDir,
    folder: tempfile::TempDir,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = || tempfile::tempdir().expect("a folder");
        let project = Self { home: folder(), folder: folder() };
        files.iter().for_each(|(path, text)| drop(project.put(path, text)));
        project
    }

    /// A package of one library.
    fn of(lib: &str) -> Self {
        Self::new(&[("Cargo.toml", PACKAGE), ("src/lib.rs", lib)])
    }

    fn put(&self, path: &str, text: &str) -> PathBuf {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("below the folder")).expect("made");
        fs::write(&path, text).expect("written");
        path
    }

    fn text(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join(path)).expect("a text")
    }

    fn fix(&self, args: &[&str]) -> Said {
        let said = at_home(self.home.path(), self.folder.path(), &[&["fix"], args].concat());
        assert!(!said.stderr.contains("bug in flightsmith"), "{args:?}: {}", said.stderr);
        said
    }

    /// Fixes to exit code `code`, and says `says`.
    fn ends(&self, args: &[&str], code: i32, says: &str) {
        let said = self.fix(args);
        assert!(said.code == code && (said.stdout.clone() + &said.stderr).contains(says), "{args:?}: {said:?}");
    }

    fn git(&self, args: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.org", "-C"];
        let done = Command::new("git").args(identity).arg(self.folder.path()).args(args).output().expect("git");
        assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn commit(&self) {
        self.git(&["init", "-q"]);
        self.git(&["add", "."]);
        self.git(&["commit", "-q", "-m", "x"]);
    }
}

const PACKAGE: &str = "[package]\nname = \"p\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
const BROKEN: &str = "pub fn f() -> i32 {\n    let x = 1;\n    x = 2;\n    x\n}\n";

/// Two crates and a macro; each of the two has a slip, one of them behind a feature, and the test knows what is right.
fn workspace() -> Project {
    let member = |name: &str, more: &str| {
        format!("[package]\nname = \"{name}\"\nversion.workspace = true\nedition.workspace = true\n{more}")
    };
    Project::new(&[
        (
            "Cargo.toml",
            "[workspace]\nmembers = [\"core\", \"app\", \"macros\"]\nresolver = \"3\"\n[workspace.package]\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        (".gitignore", "target\nCargo.lock\n"),
        ("core/Cargo.toml", &member("core-part", "[features]\nextra = []\n")),
        ("macros/Cargo.toml", &member("macros", "[lib]\nproc-macro = true\n")),
        (
            "app/Cargo.toml",
            &member(
                "app",
                "[dependencies]\ncore-part = { path = \"../core\" }\nmacros = { path = \"../macros\" }\n[features]\nfull = [\"core-part/extra\"]\n",
            ),
        ),
        (
            "macros/src/lib.rs",
            "#[proc_macro]\npub fn five(_: proc_macro::TokenStream) -> proc_macro::TokenStream {\n    \"5_u32\".parse().unwrap()\n}\n",
        ),
        ("core/src/lib.rs", CORE),
        ("app/src/main.rs", APP),
        ("app/tests/mean.rs", "#[test]\nfn mean_is_right() {\n    assert_eq!(core_part::mean(&[1.0, 3.0]), 2.0);\n}\n"),
    ])
}

const CORE: &str = "pub fn mean(values: &[f64]) -> f64 {\n    let total = 0.0;\n    for value in values {\n        total += value;\n    }\n    total / values.len() as f64\n}\n#[cfg(feature = \"extra\")]\npub fn doubled(values: &[f64]) -> Vec<f64> {\n    let all = Vec::new();\n    for value in values {\n        all.push(value * 2.0);\n    }\n    all\n}\n";
const APP: &str = "fn main() {\n    let name = String::from(\"a\");\n    let other = name;\n    println!(\"{name} {other} {} {}\", core_part::mean(&[1.0]), macros::five!());\n}\n";

#[test]
fn a_workspace_is_mended_with_its_features_and_tests() {
    let project = workspace();
    project.commit();
    let shown = project.fix(&[".", "--check", "--test"]);
    assert!(shown.code == 0 && shown.stdout.contains("+    let mut total = 0.0;"), "{shown:?}");
    assert!(shown.stdout.contains("would mend 2 files") && shown.stdout.contains("nothing was written"), "{shown:?}");
    assert_eq!((project.text("core/src/lib.rs"), project.text("app/src/main.rs")), (CORE.into(), APP.into()));
    let report = project.fix(&[".", "--test", "--json"]);
    let report: Value = serde_json::from_str(&report.stdout).unwrap_or_else(|error| panic!("{error}: {report:?}"));
    assert_eq!((&report["mended"], &report["written"], &report["left"]), (&true.into(), &true.into(), &Value::Null));
    for step in report["steps"].as_array().expect("steps") {
        let edit = &step["edits"][0];
        assert!(step["rung"].is_string() && step["codes"][0].is_string() && edit["first_line"].is_u64(), "{step}");
        assert_ne!(edit["old"], edit["new"]);
    }
    assert_eq!(
        project.text("core/src/lib.rs"),
        CORE.replace("let total", "let mut total").replace("let all", "let mut all")
    );
    assert_eq!(project.text("app/src/main.rs"), APP.replace("= name;", "= name.clone();"));
    project.ends(&[".", "--allow-dirty", "--test"], 0, "nothing to mend");
}

#[test]
fn a_member_is_mended_within_its_workspace_and_alone() {
    let project = workspace();
    project.commit();
    project.ends(&["core"], 0, "mended 1 file (");
    assert!(project.text("core/src/lib.rs").contains("let mut total"));
    assert_eq!(project.text("app/src/main.rs"), APP);
}

#[test]
fn what_has_to_be_agreed_to_is_3_and_nothing_is_written() {
    let project = Project::of(BROKEN);
    project.ends(&["."], 3, "--allow-no-vcs");
    project.ends(&[".", "--check"], 0, "+    let mut x = 1;");
    project.git(&["init", "-q"]);
    project.ends(&["."], 3, "--allow-dirty");
    assert_eq!(project.text("src/lib.rs"), BROKEN);
    project.commit();
    project.put("notes.md", "not committed");
    project.ends(&["."], 3, "uncommitted changes in 1 of its files, notes.md among them");
    project.ends(&[".", "--allow-dirty"], 0, "mended 1 file (");
    assert_eq!(project.text("src/lib.rs"), BROKEN.replace("let x", "let mut x"));
    project.ends(&[".", "--allow-dirty"], 0, "nothing to mend (1 build)");
}

#[test]
fn what_cannot_be_built_is_4_and_what_is_no_project_9() {
    let no_vcs = |path| [path, "--allow-no-vcs"];
    let project = Project::of("");
    project.put("Cargo.toml", "not a manifest");
    project.ends(&no_vcs("."), 4, "Cargo.toml:1:5");
    project.put("Cargo.toml", &format!("{PACKAGE}[dependencies]\nbeside = {{ path = \"../beside\" }}\n"));
    project.ends(&no_vcs("."), 4, "only what is in the project's folder is seen");
    project.put("Cargo.toml", &format!("{PACKAGE}[dependencies]\nnobody = {{ git = \"file:///nowhere/at/all\" }}\n"));
    project.ends(&no_vcs("."), 4, "`cargo fetch` in the project tells why");
    project.put("Cargo.toml", &format!("{PACKAGE}[lib]\npath = \"none.rs\"\n"));
    project.ends(&no_vcs("."), 4, "none.rs");
    project.put("Cargo.toml", &format!("{PACKAGE}[dependencies]\nbeside = {{ path = \"../beside\" }}\n"));
    project.ends(&no_vcs("nowhere"), 9, "nowhere: No such file");
    project.ends(&no_vcs("src"), 9, "there is no Cargo.toml in");
    project.ends(
        &no_vcs("src/lib.rs"),
        9,
        "src/lib.rs is a file; what is mended is the folder of a project, or its Cargo.toml",
    );
    project.ends(&no_vcs("Cargo.toml"), 4, "only what is in the project's folder is seen");
    project.ends(&no_vcs("."), 4, "only what is in the project's folder is seen");
    fs::rename(project.folder.path().join("Cargo.toml"), project.folder.path().join("other.toml")).expect("moved");
    symlink("other.toml", project.folder.path().join("Cargo.toml")).expect("linked");
    project.ends(&no_vcs("."), 9, "Cargo.toml is a link");
}

#[test]
fn files_that_are_not_to_be_touched_are_not() {
    let project = Project::of(&format!("mod other;\n{BROKEN}"));
    project.put("src/other.rs", "");
    let other = project.folder.path().join("src/other.rs");
    fs::write(&other, b"// caf\xe9\n").expect("written");
    project.ends(&[".", "--allow-no-vcs"], 4, "stream did not contain valid UTF-8");
    // One that no error names is no hindrance.
    project.put("src/lib.rs", BROKEN);
    project.ends(&[".", "--allow-no-vcs"], 0, "mended 1 file (");
    assert_eq!(fs::read(&other).expect("there"), b"// caf\xe9\n");

    let lib = project.put("src/lib.rs", &format!("pub mod part;\n{BROKEN}"));
    project.put("src/part.rs", BROKEN);
    fs::set_permissions(project.folder.path().join("src/part.rs"), fs::Permissions::from_mode(0o444)).expect("set");
    project.ends(&[".", "--allow-no-vcs"], 9, "src/part.rs is read-only; nothing was written");
    assert_eq!(fs::read_to_string(&lib).expect("there"), format!("pub mod part;\n{BROKEN}"));
    let left: Vec<_> = fs::read_dir(lib.parent().expect("a folder")).expect("read").flatten().collect();
    assert_eq!(left.len(), 3, "{left:?}");

    let outside = tempfile::tempdir().expect("a folder");
    let secret = outside.path().join("secret.rs");
    fs::write(&secret, BROKEN).expect("written");
    fs::remove_file(project.folder.path().join("src/part.rs")).expect("removed");
    symlink(&secret, project.folder.path().join("src/part.rs")).expect("linked");
    project.ends(&[".", "--allow-no-vcs"], 4, "file not found for module `part`");
    assert_eq!(fs::read_to_string(&secret).expect("there"), BROKEN);
}

#[test]
fn a_build_script_reaches_neither_network_nor_files() {
    let project = Project::of(BROKEN);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let harm = project.home.path().join("harm");
    let script = format!(
        "fn main() {{\n    let net = std::net::TcpStream::connect(\"{}\").is_ok();\n    let file = std::fs::write({harm:?}, \"x\").is_ok();\n    \
         let source = std::fs::write(\"src/lib.rs\", \"x\").is_ok();\n    assert!(!net && !file && !source, \"through: {{net}} {{file}} {{source}}\");\n}}\n",
        listener.local_addr().expect("bound")
    );
    project.put("build.rs", &script);
    project.ends(&[".", "--allow-no-vcs"], 0, "mended 1 file (");
    assert!(!Path::new(&harm).exists());
    // What it would have reached is there to be reached: without the sandbox it is.
    project.put("src/lib.rs", BROKEN);
    project.ends(&[".", "--allow-no-vcs", "--no-sandbox"], 4, "through: true true true");
}

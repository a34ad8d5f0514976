//! How long a minimal client of each library takes to build from nothing: `cargo build --release` with an empty target folder and all
//! sources downloaded. The client connects and prints one attitude.
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Name, dependencies, program.
const CLIENTS: [(&str, &str, &str); 3] = [
    ("ours", "flightsmith-sdk = { path = \"SDK\" }", include_str!("minimal/ours.rs")),
    (
        "mavkit",
        // mavlink 0.17, which mavkit uses, does not compile without `futures`.
        "mavkit = \"=0.3.0\"\nfutures = \"0.3\"\ntokio = { version = \"1\", features = [\"rt\", \"macros\", \"time\", \"net\"] }",
        include_str!("minimal/mavkit.rs"),
    ),
    (
        "maviola",
        "maviola = { version = \"=0.4.0-rc.1\", features = [\"async\", \"dlct-common\"] }\n\
         tokio = { version = \"1\", features = [\"rt\", \"macros\", \"time\", \"net\"] }",
        include_str!("minimal/maviola.rs"),
    ),
];

/// Builds each and prints wall time, CPU time (which other work on the machine changes less), packages and the size of the program.
pub fn measure() {
    println!("| minimal client | wall, s | CPU, s | packages | stripped, MB |\n|---|---|---|---|---|");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder = std::env::temp_dir().join(format!("side-by-side-{}", std::process::id()));
    for (name, dependencies, program) in CLIENTS {
        let package = folder.join(name);
        let sdk = root.join("sdk");
        let manifest = format!(
            "[workspace]\n[package]\nname = \"minimal\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[dependencies]\n{}\n\
             [profile.release]\nstrip = true\n",
            dependencies.replace("SDK", &sdk.display().to_string())
        );
        fs::create_dir_all(package.join("src")).expect("a folder");
        fs::write(package.join("Cargo.toml"), manifest).expect("a manifest");
        fs::write(package.join("src/main.rs"), program).expect("a program");
        // The versions that the tasks are measured with.
        fs::copy(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock"), package.join("Cargo.lock")).expect("a lock");
        cargo(&package, &["fetch", "--quiet"]);
        let (started, cpu_s) = (Instant::now(), children_cpu_seconds());
        cargo(&package, &["build", "--release", "--quiet", "--offline"]);
        let (wall_s, cpu_s) = (started.elapsed().as_secs_f64(), children_cpu_seconds() - cpu_s);
        let lock = fs::read_to_string(package.join("Cargo.lock")).expect("a lock");
        let packages = lock.matches("[[package]]").count() - 1;
        let size_mb = fs::metadata(package.join("target/release/minimal")).map_or(0.0, |file| file.len() as f64 / 1e6);
        println!("| {name} | {wall_s:.0} | {cpu_s:.0} | {packages} | {size_mb:.2} |");
    }
    let _ = fs::remove_dir_all(folder);
}

fn cargo(package: &Path, args: &[&str]) {
    let mut command = Command::new("cargo");
    let status = command.args(args).current_dir(package).env_remove("CARGO_TARGET_DIR").status().expect("cargo");
    assert!(status.success(), "cargo {args:?} failed in {}", package.display());
}

/// User and system time of all children that have ended, theirs included.
fn children_cpu_seconds() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").expect("/proc");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    [13, 14].iter().filter_map(|n| fields.get(*n)?.parse::<f64>().ok()).sum::<f64>() / TICKS_A_SECOND
}

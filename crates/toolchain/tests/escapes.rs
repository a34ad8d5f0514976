//! What hostile code tries in the sandbox, and that nothing of it works.
//!
//! The attempts are in `data/escape_probe.rs`, compiled here by rustc; witnesses outside (a listening socket, a secret file, a living
//! process) stand for what must not be reached. Attempts whose success harms nobody are also made *without* the sandbox, where they
//! must succeed: so each check is shown to be able to fail.

use std::fs;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::Duration;

use flightsmith_toolchain::host::Host;
use flightsmith_toolchain::process::{self, Ending, Limits, Output, Quota};
use flightsmith_toolchain::sandbox::{Bind, Confined, Sandbox};
use flightsmith_toolchain::targets::{self, Target};

fn host() -> Host {
    let path = std::env::var_os("PATH").expect("a PATH");
    Host::new(std::env::split_paths(&path).collect(), std::env::var_os("HOME").expect("a home"))
}

/// Set where the tests run once more, as a user who may not reach root's compiler.
const COMPILED_PROBE: &str = "ESCAPE_PROBE";

/// The probe, compiled once for all tests.
fn probe() -> &'static Path {
    static PROBE: OnceLock<(tempfile::TempDir, PathBuf)> = OnceLock::new();
    let (_, probe) = PROBE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let program = folder.path().join("probe");
        if let Some(compiled) = std::env::var_os(COMPILED_PROBE) {
            fs::copy(compiled, &program).unwrap();
            return (folder, program);
        }
        let rustc = targets::find(Target::Host, &host()).unwrap_or_else(|error| panic!("{error}")).rustc;
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/escape_probe.rs");
        let status = Command::new(rustc)
            .args(["--edition=2021", "-Copt-level=1", "-o"])
            .args([&program, &source])
            .status()
            .unwrap();
        assert!(status.success(), "the probe does not compile");
        (folder, program)
    });
    probe
}

fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<Sandbox> = OnceLock::new();
    SANDBOX.get_or_init(|| Sandbox::probe(&host()).unwrap_or_else(|error| panic!("{error}")))
}

/// What the hostile code is given: a folder to write to, 200 MB in it, and little of everything else.
struct Cell {
    out: tempfile::TempDir,
}

impl Cell {
    fn new() -> Self {
        let out = tempfile::tempdir().unwrap();
        sandbox().hand_over(out.path()).unwrap();
        Self { out }
    }

    fn limits(&self) -> Limits {
        let mut limits = Limits::wall(Duration::from_secs(10));
        limits.output_bytes = 1 << 20;
        limits.cpu_s = Some(5);
        limits.address_space_bytes = Some(2 << 30);
        limits.file_bytes = Some(64 << 20);
        limits.processes = Some(32);
        limits.quota = Some(Quota { folder: self.out.path().to_owned(), bytes: 200 << 20, files: 1000 });
        limits
    }

    fn run_in(&self, sandbox: &Sandbox, words: &[&str], limits: Limits) -> Output {
        let confined = Confined::new("/probe", limits)
            .args(words.iter().copied())
            .read(Bind::at(probe(), "/probe"))
            .write(Bind::at(self.out.path(), "/out"));
        process::run(&sandbox.invocation(&confined).unwrap()).unwrap()
    }

    fn run(&self, words: &[&str]) -> Output {
        self.run_in(sandbox(), words, self.limits())
    }
}

fn contained(words: &[&str]) {
    let output = Cell::new().run(words);
    let told = output.stdout_text();
    assert!(told.starts_with("contained "), "{words:?}: {told}{} ({})", output.stderr_text(), output.ending);
}

/// Without the sandbox the same attempt gets through: the check can fail.
fn escapes_without_sandbox(words: &[&str]) {
    let cell = Cell::new();
    let output = cell.run_in(&Sandbox::none(), words, cell.limits());
    assert!(
        output.stdout_text().starts_with("ESCAPED "),
        "{words:?}: {}{}",
        output.stdout_text(),
        output.stderr_text()
    );
}

fn both(words: &[&str]) {
    escapes_without_sandbox(words);
    contained(words);
}

#[test]
fn the_network_is_out_of_reach() {
    let tcp = TcpListener::bind("127.0.0.1:0").unwrap();
    both(&["tcp", &tcp.local_addr().unwrap().to_string()]);
    contained(&["tcp", "1.1.1.1:53"]);
    contained(&["tcp", "[2606:4700:4700::1111]:53"]);

    let udp = UdpSocket::bind("127.0.0.1:0").unwrap();
    udp.set_nonblocking(true).unwrap();
    let address = udp.local_addr().unwrap().to_string();
    // Loopback inside is another loopback: sending there may succeed, and nothing arrives here.
    Cell::new().run(&["udp", &address]);
    assert!(udp.recv(&mut [0; 8]).is_err(), "a datagram came out of the sandbox");
    escapes_without_sandbox(&["udp", &address]);
    assert_eq!(udp.recv(&mut [0; 8]).unwrap(), 3);
    contained(&["udp", "192.0.2.1:14550"]);
    contained(&["dns", "crates.io"]);

    let name = format!("flightsmith-witness-{}", std::process::id());
    let _listener = UnixListener::bind_addr(&SocketAddr::from_abstract_name(&name).unwrap()).unwrap();
    both(&["abstract", &name]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("socket");
    let _named = UnixListener::bind(&path).unwrap();
    both(&["unix", path.to_str().unwrap()]);
    // Sockets past the network namespace: a virtual machine's host, packets, kernel crypto, Bluetooth.
    for family in ["40", "17", "38", "31"] {
        contained(&["socket", family, "3"]);
    }
}

#[test]
fn files_outside_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("id_ed25519");
    fs::write(&secret, "secret").unwrap();
    both(&["read", secret.to_str().unwrap()]);
    both(&["list", folder.path().to_str().unwrap()]);
    let home = host().home;
    for path in [
        "/etc/shadow",
        "/etc/passwd",
        "/etc/hostname",
        "/root/.bashrc",
        "/proc/kcore",
        "/dev/mem",
        "/dev/kmsg",
        "/dev/sda",
    ] {
        contained(&["read", path]);
    }
    for folder in [
        home.as_path(),
        &home.join(".ssh"),
        &home.join(".cargo"),
        Path::new("/home"),
        Path::new("/run"),
        Path::new("/var"),
    ] {
        contained(&["list", folder.to_str().unwrap()]);
    }
    contained(&["environment"]);
    contained(&["descriptors"]);
}

#[test]
fn nothing_outside_can_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let outside = folder.path().join("new");
    both(&["write", outside.to_str().unwrap()]);
    assert!(fs::remove_file(&outside).is_ok(), "left by the attempt without sandbox");
    for path in [
        "/usr/bin/new",
        "/etc/new",
        "/new",
        "/lib/new",
        "/probe",
        "/proc/sysrq-trigger",
        "/proc/sys/kernel/core_pattern",
    ] {
        contained(&["write", path]);
    }
    for path in ["/probe", "/usr/bin/env", "/usr/lib"] {
        contained(&["remove", path]);
        contained(&["rename_over", path]);
    }
    contained(&["up", outside.to_str().unwrap()]);
    contained(&["through_link", folder.path().to_str().unwrap(), "new"]);
    contained(&["through_link", "/usr/bin", "new"]);
    contained(&["hard_link", "/usr/bin/env"]);
    contained(&["hard_link", "/probe"]);
    assert!(!outside.exists());
    for path in ["/proc/self/oom_score_adj", "/proc/1/mem", "/proc/sys/vm/drop_caches"] {
        // Its own score may be raised, and only raised; the value here is no number, so even that fails.
        contained(&["write_proc", path]);
    }
}

#[test]
fn a_link_left_in_the_output_folder_points_nowhere_for_its_code() {
    let cell = Cell::new();
    cell.run(&["through_link", "/usr/bin", "new"]);
    let left = cell.out.path().join("link");
    assert!(left.symlink_metadata().unwrap().is_symlink(), "the attempt was made");
    assert!(!Path::new("/usr/bin/new").exists());
}

#[test]
fn processes_outside_cannot_be_touched() {
    let mut witness = Command::new("/bin/sleep").arg("1000").spawn().unwrap();
    let id = witness.id().to_string();
    let id = id.as_str();
    contained(&["kill", id]);
    contained(&["trace", id]);
    contained(&["trace", "1"]);
    contained(&["read_memory", id]);
    contained(&["read", &format!("/proc/{id}/cmdline")]);
    contained(&["read", &format!("/proc/{id}/environ")]);
    both(&["processes"]);
    Cell::new().run(&["kill_all"]);
    assert!(witness.try_wait().unwrap().is_none(), "the witness was killed");
    escapes_without_sandbox(&["kill", id]);
    assert!(!witness.wait().unwrap().success(), "without sandbox it was killed");
}

#[test]
fn rights_cannot_be_gained() {
    contained(&["setuid"]);
    for program in ["/usr/bin/su", "/usr/bin/sudo", "/usr/bin/mount", "/usr/bin/passwd"] {
        contained(&["setuid_program", program, "-n", "id"]);
    }
    for call in [
        "mount",
        "remount",
        "umount",
        "fsopen",
        "chroot",
        "pivot_root",
        "unshare_user",
        "unshare_mounts",
        "setns",
        "clone_user",
        "clone3_user",
        "keyctl",
        "add_key",
        "bpf",
        "perf",
        "io_uring",
        "userfaultfd",
        "init_module",
        "reboot",
        "clock",
        "hostname",
        "swapoff",
        "file_handle",
        "kernel_log",
        "terminal_input",
        "controlling_terminal",
    ] {
        contained(&[call]);
    }
    for path in ["/out/device", "/tmp/device", "/dev/device"] {
        contained(&["device", path]);
    }
    contained(&["shared_memory", "4660"]);
}

#[test]
fn bombs_go_off_inside() {
    contained(&["fork_bomb"]);
    contained(&["thread_bomb"]);
    contained(&["memory_bomb"]);
    contained(&["fill_tmp"]);
    contained(&["fill_shm"]);
    contained(&["fill_root"]);
    contained(&["fill_dev"]);
    for (attempt, expected) in [
        ("many_files", Ending::DiskLimit),
        ("many_empty_files", Ending::DiskLimit),
        ("output_flood", Ending::OutputLimit),
    ] {
        assert_eq!(Cell::new().run(&[attempt]).ending, expected, "{attempt}");
    }
    // bubblewrap reports a signal of its child as 128 + signal.
    assert_eq!(Cell::new().run(&["one_large_file"]).ending, Ending::Exited(128 + libc::SIGXFSZ));
    let cell = Cell::new();
    let mut limits = cell.limits();
    limits.wall = Duration::from_millis(300);
    assert_eq!(cell.run_in(sandbox(), &["sleep"], limits).ending, Ending::WallLimit);
    let mut limits = cell.limits();
    limits.cpu_s = Some(1);
    let ending = cell.run_in(sandbox(), &["spin"], limits).ending;
    assert!(
        matches!(ending, Ending::Exited(code) if code == 128 + libc::SIGXCPU || code == 128 + libc::SIGKILL),
        "{ending:?}"
    );
}

#[test]
fn nothing_outlives_its_sandbox() {
    let marker = format!("probe-{}", std::process::id());
    let cell = Cell::new();
    let confined = Confined::new(format!("/{marker}"), cell.limits())
        .args(["daemon"])
        .read(Bind::at(probe(), format!("/{marker}")));
    let output = process::run(&sandbox().invocation(&confined).unwrap()).unwrap();
    assert!(output.stdout_text().contains("left a process behind"), "{}", output.stderr_text());
    let living = || {
        let entries = fs::read_dir("/proc").unwrap().flatten();
        let lines = entries.filter_map(|entry| fs::read(entry.path().join("cmdline")).ok());
        lines.filter(|line| String::from_utf8_lossy(line).starts_with(&format!("/{marker}"))).count()
    };
    // The kernel has been told to kill them; it may still be at it.
    let deadline = std::time::Instant::now() + Duration::from_secs(10);
    while living() > 0 && std::time::Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert_eq!(living(), 0);
}

/// root's sandbox (a user of its own) and an ordinary user's (a namespace) differ; where root runs these tests, they run as a stranger
/// once more. Where an ordinary user does, the tests above have tried that one.
#[test]
fn an_ordinary_users_sandbox_holds_as_well() {
    if !host().is_root() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::copy(std::env::current_exe().unwrap(), at("tests")).unwrap();
    fs::copy(probe(), at("probe")).unwrap();
    fs::create_dir(at("home")).unwrap();
    let open = Command::new("chmod").args(["-R", "a+rwX"]).arg(folder.path()).status().unwrap();
    assert!(open.success());
    let output = Command::new("/usr/bin/setpriv")
        .args(["--reuid=12345", "--regid=12345", "--clear-groups", "--"])
        .arg(at("tests"))
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", at("home"))
        .env(COMPILED_PROBE, at("probe"))
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("test result: ok. 9 passed"), "{told}");
}

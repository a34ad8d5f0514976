//! What runs foreign or generated code: bubblewrap without network, with read-only inputs, one writable folder and limits.
//!
//! A [`Confined`] says what the code is given; [`Sandbox::invocation`] makes the command of it. Inside there is: the system's `/usr`
//! and `/lib*` read-only, what `read_only` names, a private `/tmp` in memory, a fresh `/proc` that shows only the sandbox's own
//! processes, a minimal `/dev`, at most one writable folder, and nothing else: no `/home`, `/root`, `/etc`, `/run`, no network (not
//! even loopback of the host or abstract sockets), an empty environment.
//!
//! Run by root, the code becomes a user of its own that owns nothing (so root's exemptions from limits do not apply); run by an
//! ordinary user, it lives in a user namespace. A seccomp filter takes away what neither needs (keyrings, mounts, namespaces, ptrace,
//! io_uring, bpf, pushing characters into a terminal).
//!
//! It leaves to others: what code to run, and telling users what [`NoSandbox`] says.

mod compiler;
mod probe;
mod seccomp;

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

pub use probe::{APPARMOR_PROFILE, APPARMOR_PROFILE_PATH, NoSandbox};

use crate::process::{self, Invocation, Limits};

/// A way to run code that is not trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// `--no-sandbox`: the user's explicit wish. Limits of time, memory and output still hold.
    None,
    Bubblewrap {
        bwrap: PathBuf,
        setpriv: Option<PathBuf>,
        prlimit: PathBuf,
        user: User,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum User {
    /// A new user namespace, in which this program's user is nobody special.
    Namespace,
    /// root changes to an unused user id.
    Changed,
}

/// A path that the code sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bind {
    /// Where it is on this machine; links are followed once, before the code runs.
    pub outside: PathBuf,
    /// Where the code sees it.
    pub inside: PathBuf,
}

impl Bind {
    /// A path that is seen where it is.
    #[must_use]
    pub fn same(path: impl Into<PathBuf>) -> Self {
        let outside = path.into();
        Self { inside: outside.clone(), outside }
    }

    /// A path that is seen elsewhere.
    #[must_use]
    pub fn at(outside: impl Into<PathBuf>, inside: impl Into<PathBuf>) -> Self {
        Self { outside: outside.into(), inside: inside.into() }
    }
}

/// What a piece of untrusted code is given.
#[derive(Debug, Clone)]
pub struct Confined {
    /// The program, as a path *inside*.
    pub program: PathBuf,
    /// Its arguments (paths inside).
    pub args: Vec<OsString>,
    /// Its whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// What it can read besides the system's libraries and programs.
    pub read_only: Vec<Bind>,
    /// The folder that it can write to, besides `/tmp`.
    pub writable: Option<Bind>,
    /// The folder that it starts in (a path inside).
    pub cwd: PathBuf,
    /// Size of its `/tmp`, in bytes.
    pub tmp_bytes: u64,
    /// Its limits.
    pub limits: Limits,
}

impl Confined {
    /// `program` with nothing to read but the system, nothing to write but 64 MB of `/tmp`.
    #[must_use]
    pub fn new(program: impl Into<PathBuf>, limits: Limits) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: Vec::new(),
            read_only: Vec::new(),
            writable: None,
            cwd: PathBuf::from("/"),
            tmp_bytes: 64 << 20,
            limits,
        }
    }

    /// A mission's program in flight: it reads stdin, writes stdout and stderr, and has nothing else: no folder, no network, 1 MB of
    /// `/tmp`, at most 32 threads and processes, 2 GB of address space. `run_with` is what runs it (an emulator with its options), or
    /// nothing; `wall` bounds the flight.
    #[must_use]
    pub fn flight(program: &Path, run_with: &[String], wall: Duration) -> Self {
        let mut limits = Limits::wall(wall);
        limits.output_bytes = 4 << 20;
        limits.cpu_s = Some(wall.as_secs().max(1));
        limits.address_space_bytes = Some(2 << 30);
        limits.file_bytes = Some(1 << 20);
        limits.open_files = Some(64);
        limits.processes = Some(32);
        let inside = Path::new("/mission");
        let mut words = run_with.iter().map(OsString::from).chain([inside.into()]);
        let first = words.next().expect("at least the mission itself");
        let mut confined = Self::new(first, limits).args(words).read(Bind::at(program, inside));
        confined.tmp_bytes = 1 << 20;
        confined
    }

    /// Adds arguments.
    #[must_use]
    pub fn args<S: Into<OsString>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Adds one environment variable.
    #[must_use]
    pub fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.push((name.into(), value.into()));
        self
    }

    /// Lets it read a path.
    #[must_use]
    pub fn read(mut self, bind: Bind) -> Self {
        self.read_only.push(bind);
        self
    }

    /// Lets it write to a folder.
    #[must_use]
    pub fn write(mut self, bind: Bind) -> Self {
        self.writable = Some(bind);
        self
    }

    /// Sets the folder that it starts in.
    #[must_use]
    pub fn cwd(mut self, folder: impl Into<PathBuf>) -> Self {
        self.cwd = folder.into();
        self
    }

    /// The folders above the binds, outermost first: bubblewrap would make them for root's eyes only.
    fn folders_to_make(&self) -> BTreeSet<&Path> {
        let binds = || self.writable.iter().chain(&self.read_only);
        let bound = |folder: &Path| folder.starts_with("/usr") || binds().any(|bind| folder.starts_with(&bind.inside));
        binds()
            .flat_map(|bind| bind.inside.ancestors().skip(1))
            .filter(|folder| folder.parent().is_some() && !bound(folder))
            .collect()
    }

    /// A path inside as it is outside: what the code sees, where this program finds it.
    fn outside(&self, inside: &Path) -> PathBuf {
        let binds = self.writable.iter().chain(&self.read_only);
        let best =
            binds.filter(|bind| inside.starts_with(&bind.inside)).max_by_key(|bind| bind.inside.components().count());
        match best.and_then(|bind| inside.strip_prefix(&bind.inside).ok().map(|rest| (bind, rest))) {
            Some((bind, rest)) if rest.as_os_str().is_empty() => bind.outside.clone(),
            Some((bind, rest)) => bind.outside.join(rest),
            None => inside.to_owned(),
        }
    }
}

impl Sandbox {
    /// No sandbox, because the user said so (`--no-sandbox`). Network, files and other processes are then within the code's reach.
    #[must_use]
    pub fn none() -> Self {
        Self { kind: Kind::None }
    }

    /// Whether code is really kept apart.
    #[must_use]
    pub fn confines(&self) -> bool {
        self.kind != Kind::None
    }

    /// Gives a folder, and what is in it, to the user that the code runs as, so that it can be the writable one. Links are not
    /// followed. Needed (and done) only where root runs this program.
    ///
    /// # Errors
    /// The file system's.
    pub fn hand_over(&self, folder: &Path) -> io::Result<()> {
        let Kind::Bubblewrap { user: User::Changed, .. } = &self.kind else {
            return Ok(());
        };
        let mut left = vec![folder.to_owned()];
        while let Some(path) = left.pop() {
            process::give_to(&path, code_user())?;
            if path.symlink_metadata()?.is_dir() {
                for entry in path.read_dir()? {
                    left.push(entry?.path());
                }
            }
        }
        Ok(())
    }

    /// The command that runs `confined`.
    ///
    /// # Errors
    /// The seccomp filter could not be written down (no space, no temporary folder).
    pub fn invocation(&self, confined: &Confined) -> io::Result<Invocation> {
        let limits = confined.limits.clone();
        let Kind::Bubblewrap { bwrap, setpriv, prlimit, user } = &self.kind else {
            let mut plain =
                Invocation::new(confined.outside(&confined.program), limits).cwd(confined.outside(&confined.cwd));
            // Arguments that are paths inside (an emulator's program) become paths outside.
            let outside = |arg: &OsString| confined.outside(Path::new(arg)).into_os_string();
            plain.args = confined.args.iter().map(outside).collect();
            plain.env.clone_from(&confined.env);
            return Ok(plain);
        };
        let processes = limits.processes;
        let mut command = Invocation::new(bwrap, limits);
        command =
            command.args(["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]);
        command = match user {
            User::Namespace => command.args(["--unshare-user", "--uid", "65534", "--gid", "65534"]),
            User::Changed => command.args(["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]),
        };
        command = command.args(["--hostname", "sandbox", "--die-with-parent", "--new-session", "--clearenv"]);
        for (name, value) in &confined.env {
            command = command.arg("--setenv").arg(name).arg(value);
        }
        command = command.args(["--ro-bind", "/usr", "/usr"]);
        for folder in ["/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"] {
            command = match std::fs::read_link(folder) {
                Ok(to) => command.arg("--symlink").arg(to).arg(folder),
                Err(_) => command.args(["--ro-bind-try", folder, folder]),
            };
        }
        command = command.args(["--perms", "0755", "--dir", "/etc"]);
        // Debian's alternatives (cc, c++, ld) are links into this folder, and the loader's cache saves it the search.
        command = command.args(["--ro-bind-try", "/etc/alternatives", "/etc/alternatives"]);
        command = command.args(["--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache"]);
        command = command.args(["--proc", "/proc", "--dev", "/dev"]);
        command = command.args(["--perms", "1777", "--size", &confined.tmp_bytes.to_string(), "--tmpfs", "/tmp"]);
        // The device tmpfs would otherwise be a second memory that nobody counts.
        command = command.args(["--perms", "1777", "--size", "16777216", "--tmpfs", "/dev/shm"]);
        // /dev itself is memory as well, and a namespace's user owns it.
        command = command.args(["--remount-ro", "/dev"]);
        for folder in confined.folders_to_make() {
            command = command.args(["--perms", "0755", "--dir"]).arg(folder);
        }
        for bind in &confined.read_only {
            command = command.arg("--ro-bind").arg(&bind.outside).arg(&bind.inside);
        }
        if let Some(bind) = &confined.writable {
            command = command.arg("--bind").arg(&bind.outside).arg(&bind.inside);
        }
        command = command.args(["--remount-ro", "/", "--chdir"]).arg(&confined.cwd);
        command.inherit.push((seccomp::filter_file()?, SECCOMP_FD));
        command = command.args(["--seccomp", &SECCOMP_FD.to_string(), "--"]);
        if let (User::Changed, Some(setpriv)) = (user, setpriv) {
            let id = code_user();
            command = command.arg(setpriv).args([format!("--reuid={id}"), format!("--regid={id}")]);
            command = command.args(["--clear-groups", "--no-new-privs", "--inh-caps=-all"]);
        }
        if let Some(processes) = processes {
            command = command.arg(prlimit).arg(format!("--nproc={processes}"));
        }
        Ok(command.arg(&confined.program).args(&confined.args))
    }
}

/// The descriptor under which bubblewrap finds the filter: far above those that this program has open at a fork.
const SECCOMP_FD: i32 = 997;

/// The user that code becomes where root runs this program: one number for each running flightsmith, beyond those that systems give
/// to accounts, so that their process limits do not add up.
fn code_user() -> u32 {
    static USER: AtomicU32 = AtomicU32::new(0);
    let fresh = 0x6000_0000 + (std::process::id() & 0x3f_ffff);
    // Whoever comes first decides; all compute the same.
    let _ = USER.compare_exchange(0, fresh, Ordering::SeqCst, Ordering::SeqCst);
    USER.load(Ordering::SeqCst)
}

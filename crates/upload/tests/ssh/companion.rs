//! A companion computer made of an OpenSSH server of the test's own and a home folder with scripted programs.
//!
//! Also for tests elsewhere that upload a real mission program: [`Companion::run_units`] makes its unit a real process.
use flightsmith_upload::bundle::{Bundle, Item};
use flightsmith_upload::deployment::Upload;
use flightsmith_upload::key::BundleKey;
use flightsmith_upload::manifest::Provenance;
use flightsmith_upload::permit::{MissionReach, Permit, Request, VehicleId, ask};
use flightsmith_upload::shell::{Command, Output, Shell, ShellError};
use flightsmith_upload::ssh::{Destination, SshOptions};
use flightsmith_upload::unit::UnitScope;
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command as Process, Stdio};
use std::time::{Duration, Instant};

/// Says what the files in its home tell it to say.
const MISSION: &str = r#"#!/bin/sh
# NAME
case "$1" in
  --self-check) [ NAME != broken ] ;;
  --preflight) cat "$HOME/preflight.json" ;;
  --wait)
    state=$(dirname "$3")
    touch "$state/waiting"
    until [ -e "$3" ]; do sleep 0.05; done
    mv "$state/waiting" "$state/flying" || exit 11
    rm "$3"
    echo "NAME over $5" >"$HOME/flown" ;;
  *) exit 2 ;;
esac
"#;

/// A systemd of one unit. `start` makes the mission wait, unless a file says that this version does not.
const SYSTEMCTL: &str = r#"#!/bin/sh
[ "$1" = --user ] && shift
case "$1" in
  is-system-running) echo running; exit ;;
  is-active) if [ -e "$HOME/active" ]; then echo active; else echo inactive; exit 3; fi; exit ;;
esac
echo "$*" >>"$HOME/systemctl.log"
case "$1" in
  start)
    name=$(sed -n 's/^# //p' "$HOME/flightsmith/current/mission")
    if ! [ -e "$HOME/$name-does-not-wait" ]; then touch "$HOME/active" "$HOME/flightsmith/state/waiting"; fi ;;
  stop) rm -f "$HOME/active" ;;
esac
"#;

/// A systemd of one unit that really starts what the unit says.
const RUNNING_SYSTEMCTL: &str = r#"#!/bin/sh
[ "$1" = --user ] && shift
alive() { pid=$(cat "$HOME/unit.pid" 2>/dev/null) && grep -q '^State:.[^Z]' "/proc/$pid/status" 2>/dev/null; }
case "$1" in
  is-system-running) echo running ;;
  is-active) if alive; then echo active; else echo inactive; exit 3; fi ;;
  start)
    command=$(sed -n 's/^ExecStart=//p' "$HOME/.config/systemd/user/flightsmith.service" | sed "s|%h|$HOME|g")
    setsid $command >"$HOME/unit.log" 2>&1 </dev/null &
    echo $! >"$HOME/unit.pid" ;;
  stop)
    if alive; then kill -TERM "-$pid"; fi
    tries=0
    while alive; do
      tries=$((tries + 1))
      [ "$tries" -le 400 ] || exit 1
      sleep 0.05
    done ;;
esac
"#;

/// Runs the real `ssh`.
pub struct LocalShell;

impl Shell for LocalShell {
    fn run(&self, command: &Command<'_>) -> Result<Output, ShellError> {
        let system = |why: std::io::Error| ShellError::System { program: command.program, says: why.to_string() };
        let mut child = Process::new("timeout")
            .arg(command.limit.as_secs().to_string())
            .arg(command.program)
            .args(&command.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|_| ShellError::Missing(command.program))?;
        let mut stdin = child.stdin.take().expect("stdin is piped");
        let output = std::thread::scope(|scope| {
            // A server that ends early closes the pipe; that is its error to tell, not ours.
            scope.spawn(move || drop(stdin.write_all(command.stdin)));
            child.wait_with_output()
        });
        let output = output.map_err(system)?;
        if output.status.code() == Some(124) {
            return Err(ShellError::TimeLimit { program: command.program, limit_s: command.limit.as_secs() });
        }
        Ok(Output { code: output.status.code(), stdout: output.stdout, stderr: output.stderr })
    }
}

pub struct Companion {
    folder: tempfile::TempDir,
    server: Child,
    port: u16,
}

impl Drop for Companion {
    fn drop(&mut self) {
        // Only the unit that runs in this home: its number is in the file.
        if self.has("unit.pid") {
            let group = format!("-{}", self.read("unit.pid").trim());
            let _ = Process::new("/bin/kill").args(["-KILL", "--", &group]).stderr(Stdio::null()).status();
        }
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

impl Companion {
    /// Starts the server and waits until it listens.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["home", "bin"] {
            fs::create_dir(at(name)).unwrap();
        }
        for name in ["host_key", "other_host_key", "user_key", "stranger_key"] {
            keygen(&at(name));
        }
        fs::copy(at("user_key.pub"), at("authorized_keys")).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let known = |key: &str| format!("[127.0.0.1]:{port} {}", fs::read_to_string(at(key)).unwrap());
        fs::write(at("known_hosts"), known("host_key.pub")).unwrap();
        fs::write(at("other_known_hosts"), known("other_host_key.pub")).unwrap();
        fs::write(at("empty_known_hosts"), "").unwrap();
        let root = folder.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {root}/host_key\nAuthorizedKeysFile {root}/authorized_keys\nPidFile none\nStrictModes no\nUsePAM no\nPasswordAuthentication no\nPermitRootLogin prohibit-password\nKexAlgorithms curve25519-sha256\nSetEnv HOME={root}/home PATH={root}/bin:/usr/bin:/bin\n"
        );
        fs::write(at("sshd_config"), config).unwrap();
        let server = serve(&at("sshd_config"));
        let companion = Self { folder, server, port };
        companion.put_program("systemctl", SYSTEMCTL);
        companion.put_program("loginctl", "#!/bin/sh\n");
        companion.put("preflight.json", "{\"disarmed\":true,\"healthy\":true,\"reasons\":[],\"simulator\":true}\n");
        companion
    }

    /// From now on the unit is a real process, started by its `ExecStart` line.
    pub fn run_units(&self) {
        self.put_program("systemctl", RUNNING_SYSTEMCTL);
    }

    pub fn upload(&self) -> Upload {
        let user = Process::new("id").arg("-un").output().unwrap().stdout;
        let user = String::from_utf8(user).unwrap().trim().to_owned();
        Upload {
            destination: Destination { user: Some(user), host: "127.0.0.1".into(), port: Some(self.port) },
            ssh: SshOptions {
                config: Some("/dev/null".into()),
                identity: Some(self.folder.path().join("user_key")),
                known_hosts: Some(self.folder.path().join("known_hosts")),
            },
            link: "tcp://127.0.0.1:5760".into(),
            emulator: vec![],
            unit: UnitScope::User,
        }
    }

    pub fn empty_known_hosts(&self) -> PathBuf {
        self.folder.path().join("empty_known_hosts")
    }
    pub fn other_known_hosts(&self) -> PathBuf {
        self.folder.path().join("other_known_hosts")
    }
    pub fn unauthorised_key(&self) -> PathBuf {
        self.folder.path().join("stranger_key")
    }

    /// A bundle for this machine whose program calls itself `name`.
    pub fn bundle(&self, name: &str) -> Bundle {
        self.bundle_for(name, "host")
    }

    pub fn bundle_for(&self, name: &str, target: &str) -> Bundle {
        let program = self.folder.path().join("program");
        fs::write(&program, MISSION.replace("NAME", name)).unwrap();
        self.bundle_of(&program, name, target)
    }

    /// A bundle of the mission program `program`.
    pub fn bundle_of(&self, program: &Path, name: &str, target: &str) -> Bundle {
        let sources = tempfile::tempdir().unwrap();
        let paper = |path: &str, text: &str| {
            let from = sources.path().join(path);
            fs::write(&from, text).unwrap();
            Item { path: path.into(), from }
        };
        let items = [
            Item { path: "mission".into(), from: program.to_owned() },
            paper("plan.json", "{}"),
            paper("readback.txt", "take off and land"),
        ];
        let key = BundleKey::load_or_create(&self.folder.path().join("signing.key")).unwrap();
        let (vehicle, autopilot, tools) = ("quad".into(), "ardupilot".into(), BTreeMap::new());
        let provenance = Provenance { target: target.into(), vehicle, autopilot, tools };
        Bundle::write(&self.folder.path().join(format!("bundle-{name}-{target}")), &items, provenance, &key).unwrap()
    }

    /// A person's yes to `bundle` on this computer.
    pub fn permit(&self, bundle: &Bundle) -> Permit {
        self.permit_for(bundle, self.upload().vehicle("quad"))
    }

    pub fn permit_for(&self, bundle: &Bundle, vehicle: VehicleId) -> Permit {
        let request = Request {
            artifact_digest: bundle.manifest().artifact_sha256,
            vehicle,
            host: "127.0.0.1".into(),
            target: bundle.manifest().provenance.target.clone(),
            signed_by: bundle.signed_by(),
            reach: MissionReach { max_altitude_m: 10.0, max_distance_m: 0.0, max_speed_m_s: 5.0 },
            readback: "take off and land".into(),
        };
        ask(&request, &mut |_| true).unwrap()
    }

    fn home(&self, name: &str) -> PathBuf {
        self.folder.path().join("home").join(name)
    }
    pub fn put(&self, name: &str, text: &str) {
        fs::write(self.home(name), text).unwrap();
    }
    pub fn put_program(&self, name: &str, text: &str) {
        let path = self.folder.path().join("bin").join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.home(name)).unwrap()
    }
    pub fn has(&self, name: &str) -> bool {
        self.home(name).exists()
    }
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.home(name)).unwrap();
    }

    /// Where `current` or `previous` points.
    pub fn link(&self, name: &str) -> Option<String> {
        let target = fs::read_link(self.home("flightsmith").join(name)).ok()?;
        Some(target.to_string_lossy().into_owned())
    }
    /// Everything in `versions`, hidden leftovers included.
    pub fn versions(&self) -> Vec<String> {
        let entries = fs::read_dir(self.home("flightsmith/versions")).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
    /// What the unit's process has said so far.
    pub fn log(&self) -> String {
        fs::read_to_string(self.home("unit.log")).unwrap_or_default()
    }

    /// Waits for something that a process there does, for at most 60 s.
    pub fn until(&self, happened: impl Fn() -> bool) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while !happened() {
            assert!(Instant::now() < deadline, "it did not happen within 60 s: {}", self.log());
            // Not to keep a whole core from the process that is waited for.
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    pub fn systemctl_log(&self) -> Vec<String> {
        let text = fs::read_to_string(self.home("systemctl.log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
    pub fn clear_systemctl_log(&self) {
        fs::write(self.home("systemctl.log"), "").unwrap();
    }
}

fn keygen(path: &Path) {
    let made =
        Process::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-C", "test", "-f"]).arg(path).status();
    let made = made.expect("ssh-keygen is missing: apt-get install openssh-client");
    assert!(made.success(), "ssh-keygen failed");
}

/// Starts `sshd` and returns once it says that it listens.
fn serve(config: &Path) -> Child {
    let sshd = Path::new("/usr/sbin/sshd");
    assert!(sshd.exists(), "{} is missing: apt-get install openssh-server", sshd.display());
    // Its own start script makes this folder; as root it refuses to run without. Other users need none.
    let _ = fs::create_dir_all("/run/sshd");
    let mut server = Process::new(sshd).args(["-D", "-e", "-f"]).arg(config).stderr(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(server.stderr.take().expect("stderr is piped")).lines();
    let mut said = Vec::new();
    loop {
        match lines.next() {
            Some(Ok(line)) if line.contains("Server listening") => break,
            Some(Ok(line)) => said.push(line),
            _ => panic!("sshd did not start: {said:?}"),
        }
    }
    // Read on, so that its pipe never fills.
    std::thread::spawn(move || lines.for_each(drop));
    server
}

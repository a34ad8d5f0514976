// What hostile code would try, one attempt a run: `probe NAME [ARGUMENTS]`.
//
// Prints `ESCAPED` and what it got hold of if the attempt succeeds, `contained` and the reason if not.
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::{TcpStream, ToSocketAddrs, UdpSocket};
use std::os::fd::AsRawFd;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{symlink, OpenOptionsExt};
use std::os::unix::net::{SocketAddr, UnixStream};
use std::time::Duration;

extern "C" {
    fn syscall(number: i64, ...) -> i64;
    fn fork() -> i32;
    fn kill(process: i32, signal: i32) -> i32;
    fn setsid() -> i32;
    fn setuid(user: u32) -> i32;
    fn pause() -> i32;
    fn shmget(key: i32, size: usize, flags: i32) -> i32;
    fn ioctl(fd: i32, request: u64, ...) -> i32;
}

type Attempt = Result<String, String>;

fn io<T: std::fmt::Debug>(result: std::io::Result<T>) -> Attempt {
    result.map(|value| format!("{value:?}")).map_err(|error| error.to_string())
}

/// A system call that must fail.
macro_rules! call {
    ($number:expr $(, $argument:expr)*) => {{
        let result = unsafe { syscall($number $(, $argument)*) };
        if result >= 0 { Ok(format!("call {} gave {result}", $number)) } else { Err(std::io::Error::last_os_error().to_string()) }
    }};
}

#[cfg(target_arch = "x86_64")]
mod call {
    pub const MOUNT: i64 = 165;
    pub const UMOUNT2: i64 = 166;
    pub const CHROOT: i64 = 161;
    pub const PIVOT_ROOT: i64 = 155;
    pub const UNSHARE: i64 = 272;
    pub const SETNS: i64 = 308;
    pub const CLONE: i64 = 56;
    pub const CLONE3: i64 = 435;
    pub const PTRACE: i64 = 101;
    pub const KEYCTL: i64 = 250;
    pub const ADD_KEY: i64 = 248;
    pub const BPF: i64 = 321;
    pub const PERF: i64 = 298;
    pub const IO_URING: i64 = 425;
    pub const USERFAULTFD: i64 = 323;
    pub const INIT_MODULE: i64 = 175;
    pub const REBOOT: i64 = 169;
    pub const SETTIMEOFDAY: i64 = 164;
    pub const SETHOSTNAME: i64 = 170;
    pub const SWAPOFF: i64 = 168;
    pub const HANDLE: i64 = 304;
    pub const READV: i64 = 310;
    pub const MKNOD: i64 = 133;
    pub const SOCKET: i64 = 41;
    pub const SYSLOG: i64 = 103;
    pub const FSOPEN: i64 = 430;
}
#[cfg(target_arch = "aarch64")]
mod call {
    pub const MOUNT: i64 = 40;
    pub const UMOUNT2: i64 = 39;
    pub const CHROOT: i64 = 51;
    pub const PIVOT_ROOT: i64 = 41;
    pub const UNSHARE: i64 = 97;
    pub const SETNS: i64 = 268;
    pub const CLONE: i64 = 220;
    pub const CLONE3: i64 = 435;
    pub const PTRACE: i64 = 117;
    pub const KEYCTL: i64 = 219;
    pub const ADD_KEY: i64 = 217;
    pub const BPF: i64 = 280;
    pub const PERF: i64 = 241;
    pub const IO_URING: i64 = 425;
    pub const USERFAULTFD: i64 = 282;
    pub const INIT_MODULE: i64 = 105;
    pub const REBOOT: i64 = 142;
    pub const SETTIMEOFDAY: i64 = 170;
    pub const SETHOSTNAME: i64 = 161;
    pub const SWAPOFF: i64 = 225;
    pub const HANDLE: i64 = 265;
    pub const READV: i64 = 270;
    pub const MKNOD: i64 = 33;
    pub const SOCKET: i64 = 198;
    pub const SYSLOG: i64 = 116;
    pub const FSOPEN: i64 = 430;
}

fn fill(folder: &str, file_bytes: usize, files: usize) -> Attempt {
    let chunk = vec![7_u8; 1 << 20];
    let mut written = 0_u64;
    for index in 0..files {
        let mut file = match File::create(format!("{folder}/fill{index}")) {
            Ok(file) => file,
            Err(error) => return Err(format!("{error} after {written} bytes")),
        };
        let mut left = file_bytes;
        while left > 0 {
            let part = left.min(chunk.len());
            if let Err(error) = file.write_all(&chunk[..part]) {
                return Err(format!("{error} after {written} bytes"));
            }
            left -= part;
            written += part as u64;
        }
    }
    Ok(format!("wrote {written} bytes"))
}

fn attempt(name: &str, with: &[String]) -> Attempt {
    let given = |index: usize| with.get(index).map_or("", String::as_str);
    let path = std::ffi::CString::new(given(0)).unwrap();
    match name {
        "tcp" => {
            let address = given(0).parse().map_err(|_| "no address".to_owned())?;
            io(TcpStream::connect_timeout(&address, Duration::from_secs(3)))
        }
        "udp" => {
            let socket = UdpSocket::bind("0.0.0.0:0").map_err(|error| error.to_string())?;
            io(socket.send_to(b"out", given(0)))
        }
        "dns" => io((given(0), 80).to_socket_addrs().map(|found| found.count())),
        "abstract" => {
            let address = SocketAddr::from_abstract_name(given(0)).map_err(|error| error.to_string())?;
            io(UnixStream::connect_addr(&address))
        }
        "unix" => io(UnixStream::connect(given(0))),
        "socket" => call!(call::SOCKET, given(0).parse::<i64>().unwrap(), given(1).parse::<i64>().unwrap(), 0_i64),
        "read" => {
            let mut text = String::new();
            let mut file = File::open(given(0)).map_err(|error| error.to_string())?;
            io(file.read_to_string(&mut text)).map(|_| text)
        }
        "list" => {
            let entries = fs::read_dir(given(0)).map_err(|error| error.to_string())?;
            let names: Vec<_> = entries.flatten().map(|entry| entry.file_name()).collect();
            if names.is_empty() { Err("empty".to_owned()) } else { Ok(format!("{names:?}")) }
        }
        "environment" => {
            let names: Vec<_> = std::env::vars_os().filter(|(name, _)| name != "PWD").collect();
            if names.is_empty() { Err("empty".to_owned()) } else { Ok(format!("{names:?}")) }
        }
        "descriptors" => {
            let open: Vec<_> = (3..4096).filter(|fd| fs::read_link(format!("/proc/self/fd/{fd}")).is_ok()).collect();
            if open.is_empty() { Err("none".to_owned()) } else { Ok(format!("{open:?}")) }
        }
        "write" => io(OpenOptions::new().write(true).create(true).open(given(0)).and_then(|mut file| file.write_all(b"x"))),
        "through_link" => {
            symlink(given(0), "/out/link").map_err(|error| error.to_string())?;
            io(fs::write(format!("/out/link/{}", given(1)), "x"))
        }
        "hard_link" => io(fs::hard_link(given(0), "/out/hard")),
        "rename_over" => {
            fs::write("/out/mine", "x").map_err(|error| error.to_string())?;
            io(fs::rename("/out/mine", given(0)))
        }
        "remove" => io(fs::remove_file(given(0)).or_else(|_| fs::remove_dir_all(given(0)))),
        "up" => io(fs::write(format!("/out/../..{}", given(0)), "x")),
        "kill" => {
            let result = unsafe { kill(given(0).parse().unwrap(), 9) };
            if result == 0 { Ok("killed".to_owned()) } else { Err(std::io::Error::last_os_error().to_string()) }
        }
        "kill_all" => {
            unsafe { kill(-1, 9) };
            Err("whoever reads this lives".to_owned())
        }
        "trace" => call!(call::PTRACE, 16_i64, given(0).parse::<i64>().unwrap(), 0_i64, 0_i64),
        "read_memory" => {
            let mut byte = 0_u8;
            let local = [(&mut byte as *mut u8) as usize, 1];
            call!(call::READV, given(0).parse::<i64>().unwrap(), local.as_ptr(), 1_i64, local.as_ptr(), 1_i64, 0_i64)
        }
        "processes" => {
            let ids = fs::read_dir("/proc").map_err(|error| error.to_string())?.flatten();
            let count = ids.filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok()).count();
            if count > 4 { Ok(format!("{count} processes")) } else { Err(format!("{count} processes, all of the sandbox")) }
        }
        "setuid" => {
            let result = unsafe { setuid(0) };
            if result == 0 { Ok("root".to_owned()) } else { Err(std::io::Error::last_os_error().to_string()) }
        }
        "setuid_program" => {
            let output = std::process::Command::new(given(0)).args(&with[1..]).output().map_err(|error| error.to_string())?;
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            if output.status.success() && !text.is_empty() { Ok(text) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
        }
        "mount" => call!(call::MOUNT, c"none".as_ptr(), c"/out".as_ptr(), c"tmpfs".as_ptr(), 0_i64, 0_i64),
        "remount" => call!(call::MOUNT, c"none".as_ptr(), c"/usr".as_ptr(), 0_i64, 0x1020_i64, 0_i64),
        "umount" => call!(call::UMOUNT2, c"/usr".as_ptr(), 2_i64),
        "fsopen" => call!(call::FSOPEN, c"tmpfs".as_ptr(), 0_i64),
        "chroot" => call!(call::CHROOT, c"/out".as_ptr()),
        "pivot_root" => call!(call::PIVOT_ROOT, c"/out".as_ptr(), c"/out".as_ptr()),
        "unshare_user" => call!(call::UNSHARE, 0x1000_0000_i64),
        "unshare_mounts" => call!(call::UNSHARE, 0x0002_0000_i64),
        "setns" => {
            let file = File::open("/proc/1/ns/mnt").map_err(|error| error.to_string())?;
            call!(call::SETNS, file.as_raw_fd() as i64, 0_i64)
        }
        "clone_user" => call!(call::CLONE, 0x1000_0011_i64, 0_i64, 0_i64, 0_i64, 0_i64),
        "clone3_user" => {
            let arguments = [0x1000_0000_u64, 0, 0, 0, 17, 0, 0, 0];
            call!(call::CLONE3, arguments.as_ptr(), 64_i64)
        }
        "keyctl" => call!(call::KEYCTL, 0_i64, -3_i64, 1_i64),
        "add_key" => call!(call::ADD_KEY, c"user".as_ptr(), c"x".as_ptr(), c"y".as_ptr(), 1_i64, -3_i64),
        "bpf" => call!(call::BPF, 0_i64, [0_u8; 128].as_ptr(), 128_i64),
        "perf" => call!(call::PERF, [0_u8; 128].as_ptr(), 0_i64, -1_i64, -1_i64, 0_i64),
        "io_uring" => call!(call::IO_URING, 4_i64, [0_u8; 256].as_mut_ptr()),
        "userfaultfd" => call!(call::USERFAULTFD, 1_i64),
        "init_module" => call!(call::INIT_MODULE, c"x".as_ptr(), 1_i64, c"".as_ptr()),
        "reboot" => call!(call::REBOOT, 0xfee1_dead_u32 as i64, 672_274_793_i64, 0_i64, 0_i64),
        "clock" => call!(call::SETTIMEOFDAY, [0_i64, 0].as_ptr(), 0_i64),
        "hostname" => call!(call::SETHOSTNAME, c"owned".as_ptr(), 5_i64),
        "swapoff" => call!(call::SWAPOFF, c"/swapfile".as_ptr()),
        "file_handle" => call!(call::HANDLE, 3_i64, [0_u8; 128].as_ptr(), 0_i64),
        "kernel_log" => call!(call::SYSLOG, 3_i64, [0_u8; 64].as_mut_ptr(), 64_i64),
        "device" => {
            let (mode, device) = (0o20666_i64, 0x101_i64);
            #[cfg(target_arch = "x86_64")]
            let result = unsafe { syscall(call::MKNOD, path.as_ptr(), mode, device) };
            #[cfg(target_arch = "aarch64")]
            let result = unsafe { syscall(call::MKNOD, -100_i64, path.as_ptr(), mode, device) };
            if result < 0 {
                return Err(std::io::Error::last_os_error().to_string());
            }
            io(File::open(given(0)))
        }
        "terminal_input" => {
            let terminal = OpenOptions::new().read(true).write(true).custom_flags(0o400).open("/dev/tty");
            let fd = terminal.as_ref().map_or(0, |file| file.as_raw_fd());
            let result = unsafe { ioctl(fd, 0x5412, c"x".as_ptr()) };
            if result == 0 { Ok("typed".to_owned()) } else { Err(std::io::Error::last_os_error().to_string()) }
        }
        "controlling_terminal" => io(OpenOptions::new().read(true).open("/dev/tty")),
        "shared_memory" => {
            let result = unsafe { shmget(given(0).parse().unwrap(), 1, 0) };
            if result >= 0 { Ok("attached".to_owned()) } else { Err(std::io::Error::last_os_error().to_string()) }
        }
        "fork_bomb" => {
            let mut started = 0;
            loop {
                match unsafe { fork() } {
                    0 => loop {
                        unsafe { pause() };
                    },
                    -1 => return Err(format!("{} after {started}", std::io::Error::last_os_error())),
                    _ => started += 1,
                }
                if started > 1000 {
                    return Ok("1000 processes".to_owned());
                }
            }
        }
        "thread_bomb" => {
            for started in 0..1000 {
                let thread = std::thread::Builder::new().stack_size(64 << 10).spawn(|| loop {
                    std::thread::park();
                });
                if let Err(error) = thread {
                    return Err(format!("{error} after {started}"));
                }
            }
            Ok("1000 threads".to_owned())
        }
        "memory_bomb" => {
            let mut held: Vec<Vec<u8>> = Vec::new();
            for taken in 0..64 {
                let mut block = Vec::new();
                if block.try_reserve_exact(256 << 20).is_err() {
                    return Err(format!("refused after {taken} blocks"));
                }
                block.push(1);
                held.push(block);
            }
            Ok(format!("{} blocks of 256 MB", held.len()))
        }
        "one_large_file" => fill("/out", 1 << 30, 1),
        "many_files" => fill("/out", 1 << 20, 2000),
        "many_empty_files" => fill("/out", 0, 2_000_000),
        "fill_tmp" => fill("/tmp", 1 << 20, 2000),
        "fill_shm" => fill("/dev/shm", 1 << 20, 2000),
        "fill_root" => fill("/", 1, 1),
        "fill_dev" => fill("/dev", 1, 1),
        "output_flood" => loop {
            if std::io::stdout().write_all(&[b'x'; 65536]).is_err() {
                return Err("closed".to_owned());
            }
        },
        "sleep" => {
            std::thread::sleep(Duration::from_secs(1000));
            Ok("slept".to_owned())
        }
        "spin" => loop {
            std::hint::spin_loop();
        },
        "daemon" => {
            if unsafe { fork() } == 0 {
                unsafe { setsid() };
                if unsafe { fork() } == 0 {
                    loop {
                        unsafe { pause() };
                    }
                }
            }
            Err("left a process behind".to_owned())
        }
        "write_proc" => io(fs::write(given(0), "x")),
        _ => panic!("no attempt {name}"),
    }
}

fn main() {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap();
    let line = match attempt(&name, &words.collect::<Vec<_>>()) {
        Ok(got) => format!("ESCAPED {name}: {got}"),
        Err(why) => format!("contained {name}: {why}"),
    };
    let _ = writeln!(std::io::stdout(), "{line}");
}

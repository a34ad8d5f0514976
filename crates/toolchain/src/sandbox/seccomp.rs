//! The seccomp filter of the sandbox, written as the BPF program that bubblewrap loads.
//!
//! It is a deny list for what namespaces do not hold back: kernel keyrings, pushing characters into a terminal, sockets that reach
//! past the network namespace (vsock), new namespaces (from which most kernel exploits start), and tracing. It leaves file access,
//! signals and the network to the namespaces.

use std::fs::File;
use std::io::{self, Write};
use std::sync::{Arc, OnceLock};

/// Answered with `EPERM`.
const FORBIDDEN: &[i64] = &[
    libc::SYS_acct,
    libc::SYS_add_key,
    libc::SYS_adjtimex,
    libc::SYS_bpf,
    libc::SYS_chroot,
    libc::SYS_clock_adjtime,
    libc::SYS_clock_settime,
    libc::SYS_delete_module,
    libc::SYS_fanotify_init,
    libc::SYS_finit_module,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fsopen,
    libc::SYS_fspick,
    libc::SYS_init_module,
    libc::SYS_kcmp,
    libc::SYS_kexec_load,
    libc::SYS_keyctl,
    libc::SYS_mount,
    libc::SYS_mount_setattr,
    libc::SYS_move_mount,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    libc::SYS_open_tree,
    libc::SYS_perf_event_open,
    libc::SYS_pivot_root,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_ptrace,
    libc::SYS_quotactl,
    libc::SYS_reboot,
    libc::SYS_request_key,
    libc::SYS_setdomainname,
    libc::SYS_sethostname,
    libc::SYS_setns,
    libc::SYS_settimeofday,
    libc::SYS_swapoff,
    libc::SYS_swapon,
    libc::SYS_syslog,
    libc::SYS_umount2,
    libc::SYS_unshare,
    libc::SYS_userfaultfd,
    libc::SYS_vhangup,
];

/// Answered with `ENOSYS`, so that libraries fall back to an older call (whose flags can be looked at).
const UNKNOWN: &[i64] =
    &[libc::SYS_clone3, libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];

/// Socket families whose reach the network namespace bounds.
const FAMILIES: &[i32] = &[libc::AF_UNIX, libc::AF_INET, libc::AF_INET6, libc::AF_NETLINK];

/// `ioctl` requests that put characters into a terminal's input.
const TERMINAL_INPUT: &[u32] = &[0x5412 /* TIOCSTI */, 0x541c /* TIOCLINUX */];

/// The flags of `clone` that make namespaces.
const NEW_NAMESPACES: u32 = 0x7e02_0000;

#[cfg(target_arch = "x86_64")]
const ARCHITECTURE: u32 = 0xc000_003e;
#[cfg(target_arch = "aarch64")]
const ARCHITECTURE: u32 = 0xc000_00b7;

// Offsets in `struct seccomp_data`; arguments are 64 bits, little endian, of which the low half is looked at.
const NUMBER: u32 = 0;
const ARCH: u32 = 4;
const ARGUMENT_0: u32 = 16;
const ARGUMENT_1: u32 = 24;

const LOAD: u16 = 0x20;
const JUMP_IF_EQUAL: u16 = 0x15;
const JUMP_IF_AT_LEAST: u16 = 0x35;
const JUMP_IF_BITS: u16 = 0x45;
const RETURN: u16 = 0x06;

const ALLOW: u32 = 0x7fff_0000;
const KILL: u32 = 0x8000_0000;

const fn error(number: i32) -> u32 {
    0x0005_0000 | number.cast_unsigned()
}

/// One instruction: code, jump if true, jump if false, operand.
type Instruction = (u16, u8, u8, u32);

fn program() -> Vec<Instruction> {
    let mut program =
        vec![(LOAD, 0, 0, ARCH), (JUMP_IF_EQUAL, 1, 0, ARCHITECTURE), (RETURN, 0, 0, KILL), (LOAD, 0, 0, NUMBER)];
    // x32 calls carry this bit: another table of numbers for the same calls.
    program.extend([(JUMP_IF_AT_LEAST, 0, 1, 0x4000_0000), (RETURN, 0, 0, error(libc::ENOSYS))]);
    let number = |call: i64| u32::try_from(call).expect("call numbers are small");
    for &call in FORBIDDEN {
        program.extend([(JUMP_IF_EQUAL, 0, 1, number(call)), (RETURN, 0, 0, error(libc::EPERM))]);
    }
    for &call in UNKNOWN {
        program.extend([(JUMP_IF_EQUAL, 0, 1, number(call)), (RETURN, 0, 0, error(libc::ENOSYS))]);
    }
    // Each of these ends with a return, so that the loaded argument is never taken for a call's number.
    let with_argument = |call: i64, argument: u32, tests: Vec<Instruction>| {
        let skip = u8::try_from(tests.len() + 1).expect("short");
        let mut block = vec![(JUMP_IF_EQUAL, 0, skip, number(call)), (LOAD, 0, 0, argument)];
        block.extend(tests);
        block
    };
    program.extend(with_argument(
        libc::SYS_clone,
        ARGUMENT_0,
        vec![(JUMP_IF_BITS, 0, 1, NEW_NAMESPACES), (RETURN, 0, 0, error(libc::EPERM)), (RETURN, 0, 0, ALLOW)],
    ));
    let mut ioctl = Vec::new();
    for &request in TERMINAL_INPUT {
        ioctl.extend([(JUMP_IF_EQUAL, 0, 1, request), (RETURN, 0, 0, error(libc::EPERM))]);
    }
    ioctl.push((RETURN, 0, 0, ALLOW));
    program.extend(with_argument(libc::SYS_ioctl, ARGUMENT_1, ioctl));
    for call in [libc::SYS_socket, libc::SYS_socketpair] {
        let mut socket = Vec::new();
        for &family in FAMILIES {
            socket.extend([(JUMP_IF_EQUAL, 0, 1, family.cast_unsigned()), (RETURN, 0, 0, ALLOW)]);
        }
        socket.push((RETURN, 0, 0, error(libc::EAFNOSUPPORT)));
        program.extend(with_argument(call, ARGUMENT_0, socket));
    }
    program.push((RETURN, 0, 0, ALLOW));
    program
}

/// The filter as an open file without a name, written once for this program.
pub(super) fn filter_file() -> io::Result<Arc<File>> {
    static FILTER: OnceLock<Arc<File>> = OnceLock::new();
    if let Some(file) = FILTER.get() {
        return Ok(Arc::clone(file));
    }
    let mut file = tempfile::tempfile()?;
    for (code, if_true, if_false, operand) in program() {
        file.write_all(&code.to_ne_bytes())?;
        file.write_all(&[if_true, if_false])?;
        file.write_all(&operand.to_ne_bytes())?;
    }
    Ok(Arc::clone(FILTER.get_or_init(|| Arc::new(file))))
}

#[cfg(test)]
mod tests {
    use super::{ALLOW, ARCHITECTURE, KILL, error, program};

    /// Runs the filter as the kernel would.
    fn verdict(architecture: u32, call: i64, arguments: [u32; 2]) -> u32 {
        let program = program();
        let (mut at, mut loaded) = (0, 0);
        loop {
            let (code, if_true, if_false, operand) = program[at];
            let jump = |condition: bool| usize::from(if condition { if_true } else { if_false });
            at += 1;
            match code {
                super::LOAD => {
                    loaded = match operand {
                        super::NUMBER => u32::try_from(call).unwrap(),
                        super::ARCH => architecture,
                        super::ARGUMENT_0 => arguments[0],
                        super::ARGUMENT_1 => arguments[1],
                        other => panic!("offset {other}"),
                    }
                }
                super::JUMP_IF_EQUAL => at += jump(loaded == operand),
                super::JUMP_IF_AT_LEAST => at += jump(loaded >= operand),
                super::JUMP_IF_BITS => at += jump(loaded & operand != 0),
                super::RETURN => return operand,
                other => panic!("code {other}"),
            }
        }
    }

    #[test]
    fn decides_call_by_call() {
        let eperm = error(libc::EPERM);
        let cases = [
            (libc::SYS_read, [0, 0], ALLOW),
            (libc::SYS_keyctl, [0, 0], eperm),
            (libc::SYS_acct, [0, 0], eperm),
            (libc::SYS_clone3, [0, 0], error(libc::ENOSYS)),
            (libc::SYS_clone, [0x0000_0011, 0], ALLOW),
            (libc::SYS_clone, [0x1000_0011, 0], eperm),
            (libc::SYS_ioctl, [0, 0x5401], ALLOW),
            (libc::SYS_ioctl, [0, 0x5412], eperm),
            (libc::SYS_ioctl, [0, 0x541c], eperm),
            (libc::SYS_socket, [1, 0], ALLOW),
            (libc::SYS_socket, [2, 0], ALLOW),
            (libc::SYS_socket, [40, 0], error(libc::EAFNOSUPPORT)),
            (libc::SYS_socketpair, [1, 0], ALLOW),
            (libc::SYS_execve, [0, 0], ALLOW),
            (0x4000_0000, [0, 0], error(libc::ENOSYS)),
        ];
        for (call, arguments, expected) in cases {
            assert_eq!(verdict(ARCHITECTURE, call, arguments), expected, "call {call} with {arguments:?}");
        }
        assert_eq!(verdict(0x4000_0003, libc::SYS_read, [0, 0]), KILL, "i386 calls");
    }
}

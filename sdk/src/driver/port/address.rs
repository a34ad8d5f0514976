//! `HOST:PORT` to addresses.
//!
//! A program that carries glibc inside it cannot use that library's look-up of names: it would load the vehicle's own glibc, of exactly
//! the version that it was built with, and brings 0.4 MB of code to fail with elsewhere. There, names are those of `/etc/hosts`.
use std::io;
use std::net::{IpAddr, SocketAddr};

/// Every address of `address`, at least one.
///
/// # Errors
/// The name is not known, or it is none.
pub(crate) fn resolve(address: &str) -> io::Result<Vec<SocketAddr>> {
    if let Ok(numeric) = address.parse() {
        return Ok(vec![numeric]);
    }
    let unknown = || io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    let (host, port) = address.rsplit_once(':').ok_or_else(unknown)?;
    let port = port.parse().map_err(|_| unknown())?;
    let found = look_up(host, port)?;
    if found.is_empty() { Err(unknown()) } else { Ok(found) }
}

#[cfg(not(all(target_env = "gnu", target_feature = "crt-static")))]
fn look_up(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    use std::net::ToSocketAddrs;
    Ok((host, port).to_socket_addrs()?.collect())
}

#[cfg(all(target_env = "gnu", target_feature = "crt-static"))]
fn look_up(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    // A machine without the file still knows itself.
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_else(|_| "127.0.0.1 localhost".to_owned());
    let found = in_hosts(&hosts, host);
    if found.is_empty() {
        let words = "the name is not in /etc/hosts (this program has no other look-up); give the address in numbers";
        return Err(io::Error::new(io::ErrorKind::NotFound, words));
    }
    Ok(found.into_iter().map(|address| SocketAddr::new(address, port)).collect())
}

/// The addresses of `name` in the text of `/etc/hosts`: IPv4 first, because that is what autopilots listen on.
#[cfg_attr(
    not(any(test, all(target_env = "gnu", target_feature = "crt-static"))),
    expect(dead_code, reason = "the system looks names up")
)]
fn in_hosts(hosts: &str, name: &str) -> Vec<IpAddr> {
    let mut found: Vec<IpAddr> = Vec::new();
    for line in hosts.lines() {
        let mut words = line.split('#').next().unwrap_or_default().split_ascii_whitespace();
        let Some(Ok(address)) = words.next().map(str::parse) else { continue };
        if words.any(|word| word.eq_ignore_ascii_case(name)) && !found.contains(&address) {
            found.push(address);
        }
    }
    found.sort_by_key(IpAddr::is_ipv6);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTS: &str =
        "# comment\n::1 localhost ip6-localhost\n127.0.0.1\tlocalhost\n\n10.0.0.5 autopilot fc.local # mine\nx y\n";

    #[test]
    fn hosts_are_read_as_the_system_reads_them() {
        for (name, expected) in [
            ("localhost", &["127.0.0.1", "::1"][..]),
            ("FC.local", &["10.0.0.5"]),
            ("autopilot", &["10.0.0.5"]),
            ("mine", &[]),
            ("y", &[]),
        ] {
            let expected: Vec<IpAddr> = expected.iter().map(|address| address.parse().unwrap()).collect();
            assert_eq!(in_hosts(HOSTS, name), expected, "{name}");
        }
    }

    #[test]
    fn numbers_need_no_look_up_and_names_do() {
        for address in ["127.0.0.1:5760", "[::1]:5760"] {
            assert_eq!(resolve(address).unwrap(), [address.parse().unwrap()]);
        }
        assert!(
            resolve("localhost:5760")
                .unwrap()
                .iter()
                .all(|address| address.ip().is_loopback() && address.port() == 5760)
        );
        for nowhere in ["no.such.host.invalid:1", "localhost", "localhost:99999"] {
            assert!(resolve(nowhere).is_err(), "{nowhere}");
        }
    }
}

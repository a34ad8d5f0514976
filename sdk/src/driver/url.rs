//! Links by name: which URL means which kind of link.
use super::LinkError;
use super::port::Port;
use super::port::{pipe::Pipe, serial::Serial, tcp::Tcp, tcp_server::TcpServer, udp::Udp};
use std::io;

/// What MAVSDK takes where no baud rate is given.
const DEFAULT_BAUD: u32 = 57_600;

/// A link's kind and address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkUrl {
    /// Ticks over stdin and stdout.
    Lockstep,
    /// Real time over stdin and stdout.
    Pipe,
    UdpIn(String),
    UdpOut(String),
    UdpBroadcast(String),
    Tcp(String),
    TcpServer(String),
    Serial {
        device: String,
        baud: u32,
    },
}

impl LinkUrl {
    pub(crate) fn parse(url: &str) -> Result<Self, LinkError> {
        let unknown = || LinkError::UnknownUrl { url: url.to_owned() };
        match url {
            "stdio" => return Ok(Self::Lockstep),
            "pipe" => return Ok(Self::Pipe),
            _ => {}
        }
        // MAVSDK writes `udpin://HOST:PORT`, MAVProxy and pymavlink `udpin:HOST:PORT`.
        let (scheme, rest) = url.split_once("://").or_else(|| url.split_once(':')).ok_or_else(unknown)?;
        if scheme == "serial" {
            let (device, baud) = match rest.rsplit_once(':') {
                Some((device, baud)) => (device, baud.parse().map_err(|_| unknown())?),
                None => (rest, DEFAULT_BAUD),
            };
            if device.is_empty() || baud == 0 {
                return Err(unknown());
            }
            return Ok(Self::Serial { device: device.to_owned(), baud });
        }
        let address = address(rest).ok_or_else(unknown)?;
        Ok(match scheme {
            "udpin" | "udp" => Self::UdpIn(address),
            "udpout" => Self::UdpOut(address),
            "udpbcast" => Self::UdpBroadcast(address),
            "tcp" | "tcpout" => Self::Tcp(address),
            "tcpin" => Self::TcpServer(address),
            _ => return Err(unknown()),
        })
    }

    /// Whether opening it may take long: a name to be looked up, a host that does not answer.
    pub(crate) fn connects(&self) -> bool {
        matches!(self, Self::Tcp(_))
    }

    pub(crate) fn open(&self) -> io::Result<Box<dyn Port>> {
        Ok(match self {
            Self::Lockstep => return Err(io::Error::new(io::ErrorKind::Unsupported, "ticks need `block_on`")),
            Self::Pipe => Box::new(Pipe::stdio()?),
            Self::UdpIn(address) => Box::new(Udp::listen(address)?),
            Self::UdpOut(address) => Box::new(Udp::connect(address)?),
            Self::UdpBroadcast(address) => Box::new(Udp::broadcast(address)?),
            Self::Tcp(address) => Box::new(Tcp::connect(address)?),
            Self::TcpServer(address) => Box::new(TcpServer::listen(address)?),
            Self::Serial { device, baud } => Box::new(Serial::open(device, *baud)?),
        })
    }
}

/// `HOST:PORT`, with every address of this machine where the host is left out.
fn address(rest: &str) -> Option<String> {
    let rest = rest.trim_end_matches('/');
    let (host, port) = rest.rsplit_once(':')?;
    port.parse::<u16>().ok()?;
    Some(if host.is_empty() { format!("0.0.0.0:{port}") } else { rest.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_as_people_write_them() {
        let text = str::to_owned;
        let cases = [
            ("stdio", Some(LinkUrl::Lockstep)),
            ("pipe", Some(LinkUrl::Pipe)),
            ("udpin://0.0.0.0:14550", Some(LinkUrl::UdpIn(text("0.0.0.0:14550")))),
            ("udp://:14540", Some(LinkUrl::UdpIn(text("0.0.0.0:14540")))),
            ("udpin:127.0.0.1:14550", Some(LinkUrl::UdpIn(text("127.0.0.1:14550")))),
            ("udpin://[::1]:14550", Some(LinkUrl::UdpIn(text("[::1]:14550")))),
            ("udpout://10.0.0.5:14580", Some(LinkUrl::UdpOut(text("10.0.0.5:14580")))),
            ("udpbcast://192.168.1.255:14550", Some(LinkUrl::UdpBroadcast(text("192.168.1.255:14550")))),
            ("tcp://vehicle.local:5760", Some(LinkUrl::Tcp(text("vehicle.local:5760")))),
            ("tcp:127.0.0.1:5760", Some(LinkUrl::Tcp(text("127.0.0.1:5760")))),
            ("tcpout://[::1]:5760/", Some(LinkUrl::Tcp(text("[::1]:5760")))),
            ("tcpin://:5760", Some(LinkUrl::TcpServer(text("0.0.0.0:5760")))),
            ("serial:///dev/ttyACM0:115200", Some(LinkUrl::Serial { device: text("/dev/ttyACM0"), baud: 115_200 })),
            ("serial:///dev/ttyUSB0", Some(LinkUrl::Serial { device: text("/dev/ttyUSB0"), baud: 57_600 })),
            ("serial:///dev/ttyUSB0:fast", None),
            ("serial:///dev/ttyUSB0:0", None),
            ("udpin://127.0.0.1", None),
            ("udpin://127.0.0.1:99999", None),
            ("http://127.0.0.1:80", None),
            ("14550", None),
            ("", None),
        ];
        for (url, expected) in cases {
            assert_eq!(LinkUrl::parse(url).ok(), expected, "{url}");
        }
    }
}

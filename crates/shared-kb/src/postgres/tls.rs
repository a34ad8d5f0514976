//! TLS to the server: what the address says of it, whose certificates count, and what to do where it fails.
//!
//! It leaves to others: connecting. Where TLS is spoken the certificate is always checked, chain and name, so that `require`, `verify-ca` and
//! `verify-full` are one and the same here; without `sslmode`, TLS is spoken where the server offers it.
use crate::error::SharedError;
use rustls::{CertificateError, ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use rustls_platform_verifier::ConfigVerifierExt;
use std::io;
use std::path::{Path, PathBuf};
use tokio_postgres::error::SqlState;
use tokio_postgres_rustls::MakeRustlsConnect;

/// An address as the client takes it, and the file of the authorities that `sslrootcert` names.
pub(super) fn read(address: &str) -> (String, Option<PathBuf>) {
    let Some((before, parameters)) = address.split_once('?') else { return (address.to_owned(), None) };
    let mut authorities = None;
    let mut left = Vec::new();
    for parameter in parameters.split('&') {
        match parameter.split_once('=') {
            Some(("sslrootcert", "system")) => {}
            Some(("sslrootcert", path)) => authorities = Some(PathBuf::from(path)),
            Some(("sslmode", "verify-ca" | "verify-full")) => left.push("sslmode=require"),
            Some(("sslmode", "allow")) => left.push("sslmode=prefer"),
            _ => left.push(parameter),
        }
    }
    (format!("{before}?{}", left.join("&")), authorities)
}

/// Trusts the authorities of a file, or the system's.
///
/// # Errors
/// The file cannot be read or holds no certificate.
pub(super) fn connector(authorities: Option<&Path>) -> Result<MakeRustlsConnect, String> {
    // A second installation of the process-wide provider fails, harmlessly.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let trusting = |roots| ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let config = match authorities {
        Some(path) => {
            trusting(read_authorities(path).map_err(|reason| format!("sslrootcert {}: {reason}", path.display()))?)
        }
        // A small container has no certificates at all. Then none is trusted, and a server without TLS or on a socket is as good as ever.
        None => ClientConfig::with_platform_verifier().unwrap_or_else(|_| trusting(RootCertStore::empty())),
    };
    Ok(MakeRustlsConnect::new(config))
}

fn read_authorities(path: &Path) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|error| error.to_string())? {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    if roots.is_empty() { Err("it holds no certificate in PEM".into()) } else { Ok(roots) }
}

/// What an error has to do with TLS, if it has.
pub(super) fn fault(server: &str, error: &tokio_postgres::Error) -> Option<SharedError> {
    let fault = |reason: String, hint| Some(SharedError::Tls { server: server.to_owned(), reason, hint });
    if let Some(said) = error.as_db_error() {
        let demands =
            *said.code() == SqlState::INVALID_AUTHORIZATION_SPECIFICATION && said.message().ends_with("no encryption");
        let hint = "it may take connections with TLS alone: leave `sslmode=disable` out of the address, or say `sslmode=require`";
        return if demands { fault(said.message().to_owned(), hint) } else { None };
    }
    let cause = std::error::Error::source(error)?;
    match cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref()) {
        Some(rustls::Error::InvalidCertificate(why)) => {
            let other_name =
                matches!(why, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. });
            let hint = if other_name {
                "name the server in the address as its certificate does"
            } else {
                "name the file of the authority behind it in the address, `sslrootcert=/path/ca.pem`, or add it to the system's"
            };
            fault(format!("its certificate does not hold ({why})"), hint)
        }
        Some(other) => {
            fault(other.to_string(), "what answers there may be no PostgreSQL, or one with TLS of before 1.2")
        }
        None if cause.to_string() == "server does not support TLS" => {
            let hint = "switch `ssl` on in its postgresql.conf; or, where nobody else is on the way to it, leave `sslmode` out of the address";
            fault("the address demands TLS, and it has none".into(), hint)
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn an_address_is_read_as_libpq_reads_it() {
        for (given, passed, authorities) in [
            ("postgresql://kb@db/team", "postgresql://kb@db/team", None),
            ("postgresql://kb@db/team?sslmode=verify-full", "postgresql://kb@db/team?sslmode=require", None),
            ("postgresql://kb@db/team?sslmode=verify-ca&a=b", "postgresql://kb@db/team?sslmode=require&a=b", None),
            ("postgresql://kb@db/team?sslmode=disable", "postgresql://kb@db/team?sslmode=disable", None),
            ("postgres://db/team?sslmode=allow&sslrootcert=system", "postgres://db/team?sslmode=prefer", None),
            (
                "postgres://db/team?sslrootcert=/a/ca.pem&sslmode=require",
                "postgres://db/team?sslmode=require",
                Some("/a/ca.pem"),
            ),
        ] {
            let (text, file) = read(given);
            assert_eq!((text.as_str(), file.as_deref()), (passed, authorities.map(std::path::Path::new)), "{given}");
        }
    }
}

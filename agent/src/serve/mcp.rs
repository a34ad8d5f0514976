//! `flightsmith mcp`: the doors as tools of the Model Context Protocol over stdio (rmcp). Inputs and outputs are typed, their
//! schemas are derived from the types, and who sends a progress token is told each step.
//!
//! Standard output belongs to the protocol as long as the server runs.
use super::calls::{
    Call, Doors, FixInput, FixOutput, GenerateInput, GenerateOutput, Refused, SearchInput, SearchOutput, SimulateInput,
    SimulateOutput,
};
use rmcp::handler::server::wrapper::Parameters;
use rmcp::model::{Implementation, ProgressNotificationParam, ServerCapabilities, ServerConfig};
use rmcp::service::RequestContext;
use rmcp::{Json, RoleServer, ServerHandler, ServiceExt, tool, tool_handler, tool_router};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::io::{AsyncRead, AsyncWrite};

/// Why the server ended other than by its client's leaving.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// No runtime.
    #[error("cannot start the server: {0}")]
    Start(#[source] std::io::Error),
    /// The client and the server did not come to terms.
    #[error("the client did not open the connection as the protocol says: {0}")]
    Handshake(String),
    /// The server task failed.
    #[error("the server broke off: {0}")]
    Broken(String),
}

/// Serves on standard input and output until the client leaves.
///
/// # Errors
/// [`ServeError`]; a client that leaves is none.
pub fn serve_stdio(doors: Arc<dyn Doors>) -> Result<(), ServeError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServeError::Start)?;
    let result = runtime.block_on(serve(doors, tokio::io::stdin(), tokio::io::stdout()));
    // A read of standard input that is still waiting must not keep the process.
    runtime.shutdown_background();
    result
}

/// Serves one client on any pair of streams.
///
/// # Errors
/// As [`serve_stdio`].
pub async fn serve(
    doors: Arc<dyn Doors>,
    input: impl AsyncRead + Send + Unpin + 'static,
    output: impl AsyncWrite + Send + Unpin + 'static,
) -> Result<(), ServeError> {
    let served = Server { doors }.serve((input, output)).await;
    let service = match served {
        Ok(service) => service,
        // Gone before a word was said.
        Err(rmcp::service::ServerInitializeError::ConnectionClosed(_)) => return Ok(()),
        Err(error) => return Err(ServeError::Handshake(error.to_string())),
    };
    service.waiting().await.map(|_| ()).map_err(|error| ServeError::Broken(error.to_string()))
}

#[derive(Clone)]
struct Server {
    doors: Arc<dyn Doors>,
}

#[tool_router]
impl Server {
    #[tool(
        description = "Write a drone mission from plain words: plans it, reads it back, writes Rust for it, compiles and mends it, and flies it in the simulator. Nothing is uploaded. Takes tens of seconds."
    )]
    async fn generate(
        &self,
        Parameters(input): Parameters<GenerateInput>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<GenerateOutput>, String> {
        self.call(context, move |doors, call| doors.generate(input, call)).await
    }

    #[tool(description = "Compile a small Rust project in a sandbox and mend its errors; gives the changed files.")]
    async fn compile_and_fix(
        &self,
        Parameters(input): Parameters<FixInput>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<FixOutput>, String> {
        self.call(context, move |doors, call| doors.compile_and_fix(input, call)).await
    }

    #[tool(
        description = "Search the SDK's documentation, the MAVLink messages and commands, and the example missions."
    )]
    async fn search_sdk(
        &self,
        Parameters(input): Parameters<SearchInput>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<SearchOutput>, String> {
        self.call(context, move |doors, call| doors.search_sdk(input, call)).await
    }

    #[tool(description = "Fly the mission of an earlier run again in the simulator and judge its flights.")]
    async fn simulate(
        &self,
        Parameters(input): Parameters<SimulateInput>,
        context: RequestContext<RoleServer>,
    ) -> Result<Json<SimulateOutput>, String> {
        self.call(context, move |doors, call| doors.simulate(input, call)).await
    }
}

impl Server {
    /// Runs a blocking call beside the protocol, and sends on what it tells.
    async fn call<T: Send + 'static>(
        &self,
        context: RequestContext<RoleServer>,
        work: impl FnOnce(&dyn Doors, &Call<'_>) -> Result<T, Refused> + Send + 'static,
    ) -> Result<Json<T>, String> {
        let doors = self.doors.clone();
        let cancelled = Arc::new(AtomicBool::new(false));
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel::<String>();
        let flag = cancelled.clone();
        let mut task = tokio::task::spawn_blocking(move || {
            let tell = move |message: &str| {
                // Nobody listens any more once the client is gone.
                let _ = tell.send(message.to_owned());
            };
            work(&*doors, &Call::new(Arc::new(tell), &flag))
        });
        let token = context.meta.get_progress_token();
        let mut step = 0.0;
        let mut gave_up = false;
        let result = loop {
            tokio::select! {
                biased;
                Some(message) = told.recv() => {
                    step += 1.0;
                    if let Some(token) = &token {
                        let note = ProgressNotificationParam::new(token.clone(), step).with_message(message);
                        let _ = context.peer.notify_progress(note).await;
                    }
                }
                () = context.ct.cancelled(), if !gave_up => {
                    gave_up = true;
                    cancelled.store(true, Ordering::Relaxed);
                }
                result = &mut task => break result,
            }
        };
        match result {
            Ok(Ok(output)) => Ok(Json(output)),
            Ok(Err(refused)) => Err(refused.to_string()),
            Err(panic) => Err(format!("this is a bug of flightsmith: {panic}")),
        }
    }
}

#[tool_handler]
impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("flightsmith", env!("CARGO_PKG_VERSION")))
            .with_instructions(
                "Plain words to verified drone code. generate does it all and leaves a run directory; nothing is ever uploaded from here.",
            )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::serve::{SdkHit, Verdict};
    use serde_json::{Value, json};
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    struct FakeDoors;

    impl Doors for FakeDoors {
        fn generate(&self, input: GenerateInput, call: &Call<'_>) -> Result<GenerateOutput, Refused> {
            call.progress("plan");
            call.progress("check");
            Ok(GenerateOutput {
                verdict: Verdict::Verified,
                reason: String::new(),
                run: "runs/1".into(),
                readback: input.words,
                source: "fly".into(),
                flown: 1,
                passed: 1,
            })
        }
        fn compile_and_fix(&self, input: FixInput, _: &Call<'_>) -> Result<FixOutput, Refused> {
            Err(Refused { message: format!("{} is no project", input.path), hint: "give its folder".into() })
        }
        fn search_sdk(&self, _: SearchInput, _: &Call<'_>) -> Result<SearchOutput, Refused> {
            Ok(SearchOutput { hits: Vec::<SdkHit>::new() })
        }
        fn simulate(&self, _: SimulateInput, _: &Call<'_>) -> Result<SimulateOutput, Refused> {
            panic!("as the test wants it");
        }
    }

    /// A client that speaks JSON-RPC by hand.
    struct Client {
        lines: tokio::io::Lines<BufReader<tokio::io::DuplexStream>>,
        output: tokio::io::DuplexStream,
    }

    impl Client {
        async fn connected() -> Self {
            let (input, to_server) = tokio::io::duplex(1 << 16);
            let (from_server, output) = tokio::io::duplex(1 << 16);
            tokio::spawn(serve(Arc::new(FakeDoors), input, output));
            let mut client = Self { lines: BufReader::new(from_server).lines(), output: to_server };
            let hello = json!({
                "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
            });
            let answer = client.ask("initialize", hello).await.0;
            assert_eq!(answer["serverInfo"]["name"], "flightsmith");
            client.send(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
            client
        }

        async fn send(&mut self, message: Value) {
            self.output.write_all(format!("{message}\n").as_bytes()).await.expect("the server listens");
        }

        /// The result (or the error) and the messages of the progress before it.
        async fn ask(&mut self, method: &str, params: Value) -> (Value, Vec<String>) {
            self.send(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })).await;
            let mut progress = Vec::new();
            loop {
                let line = self.lines.next_line().await.expect("readable").expect("the server answers");
                let message: Value = serde_json::from_str(&line).expect("JSON");
                if message["method"] == "notifications/progress" {
                    progress.push(message["params"]["message"].as_str().expect("a message").to_owned());
                } else if message["id"] == 1 {
                    let answer = message.get("result").unwrap_or(&message["error"]);
                    return (answer.clone(), progress);
                }
            }
        }

        async fn call(&mut self, tool: &str, arguments: Value) -> (Value, Vec<String>) {
            let params = json!({ "name": tool, "arguments": arguments, "_meta": { "progressToken": "t" } });
            self.ask("tools/call", params).await
        }
    }

    #[tokio::test]
    async fn tools_have_schemas_for_input_and_output() {
        let mut client = Client::connected().await;
        let (tools, _) = client.ask("tools/list", json!({})).await;
        let mut names = Vec::new();
        for tool in tools["tools"].as_array().expect("tools") {
            assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
            assert_eq!(tool["outputSchema"]["type"], "object", "{tool}");
            names.push(tool["name"].as_str().expect("a name").to_owned());
        }
        names.sort();
        assert_eq!(names, ["compile_and_fix", "generate", "search_sdk", "simulate"]);
    }

    #[tokio::test]
    async fn a_call_gives_progress_then_a_typed_result() {
        let mut client = Client::connected().await;
        let (result, progress) = client.call("generate", json!({ "words": "hop" })).await;
        assert_eq!(progress, ["plan", "check"]);
        assert_eq!(
            result["structuredContent"],
            json!({
                "verdict": "verified", "reason": "", "run": "runs/1", "readback": "hop", "source": "fly",
                "flown": 1, "passed": 1,
            })
        );
    }

    #[tokio::test]
    async fn refusals_wrong_arguments_and_bugs_are_told_and_the_server_lives_on() {
        let mut client = Client::connected().await;
        let (result, _) = client.call("compile_and_fix", json!({ "path": "x" })).await;
        assert_eq!(result["isError"], true);
        assert_eq!(result["content"][0]["text"], "x is no project; hint: give its folder");
        let (wrong, _) = client.call("generate", json!({ "word": "hop" })).await;
        assert!(wrong.to_string().contains("word"), "{wrong}");
        let (bug, _) = client.call("simulate", json!({ "run": "x" })).await;
        assert_eq!(bug["isError"], true, "{bug}");
        let (result, _) = client.call("search_sdk", json!({ "query": "x" })).await;
        assert_eq!(result["structuredContent"], json!({ "hits": [] }));
    }
}

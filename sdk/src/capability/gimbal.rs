//! Gimbals (protocol v2) and the older mount commands.

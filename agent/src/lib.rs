//! The tour: modules in the order of the pipeline. Start at [`pipeline`].

pub mod pipeline;

pub mod request;
pub mod plan;
pub mod retrieve;
pub mod generate;
pub mod models;
pub mod evidence;
pub mod writers;
pub mod assembly;
pub mod attempts;
pub mod check;
pub mod simulate;
pub mod repair;
pub mod cross;
pub mod bundle;
pub mod upload;
pub mod fly;
pub mod report;
pub mod answer;
pub mod eval;

pub mod stage;
pub mod run_dir;
pub mod workshop;
pub mod settings;
pub mod vehicles;
pub mod budget;
pub mod clock;
pub mod events;
pub mod exit;
pub mod given;
pub mod asking;

pub mod prompts;
pub mod cli;
pub mod serve;

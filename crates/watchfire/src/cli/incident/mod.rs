//! `watchfire incident`: what people work on. The words are in `args`, what they do in `run`, how it looks in `show`.

mod access;
mod args;
mod run;
mod show;

pub(crate) use args::IncidentArgs;

//! Who may do and see what, over every operation of the API and everything that can be observed.

mod cells;
mod command_line;
mod crawl;
mod day;
mod forms;
mod house;
mod interference;
mod matrix;
mod object;
mod operations;
mod streams;
mod table;

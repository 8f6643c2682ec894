"""A report by department over a folder of Parquet files: classified and dated by DuckDB, as one SQL that people read."""

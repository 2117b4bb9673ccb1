"""The answers: tables, headlines, paired differences, charts, result folders and their replay."""

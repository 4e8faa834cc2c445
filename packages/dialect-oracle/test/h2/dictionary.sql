-- Oracle's data dictionary, as far as it is asked, as views of H2's INFORMATION_SCHEMA. One statement a paragraph.

CREATE VIEW IF NOT EXISTS all_tables AS
SELECT table_schema AS owner, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE'

CREATE VIEW IF NOT EXISTS all_views AS
SELECT table_schema AS owner, table_name AS view_name, view_definition AS text FROM information_schema.views

CREATE VIEW IF NOT EXISTS all_sequences AS
SELECT sequence_schema AS sequence_owner, sequence_name FROM information_schema.sequences

CREATE VIEW IF NOT EXISTS all_indexes AS
SELECT index_schema AS owner, index_name, table_schema AS table_owner, table_name FROM information_schema.indexes

CREATE VIEW IF NOT EXISTS all_types AS
SELECT domain_schema AS owner, domain_name AS type_name FROM information_schema.domains

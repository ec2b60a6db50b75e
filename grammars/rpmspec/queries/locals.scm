(source_file) @local.scope

(macro_definition name: (macro_name) @local.definition.macro)
(macro_undefinition name: (macro_name) @local.reference)
(macro name: (macro_name) @local.reference)

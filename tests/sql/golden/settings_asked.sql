SELECT getSetting('load_balancing') AS a, toTypeName(a)

SELECT getSetting('log_queries') AS a, toTypeName(a), isConstant(a)

SELECT getSetting('max_execution_time') + 1 AS a, toTypeName(a)

SELECT number, getSetting('max_result_rows') AS a, toTypeName(a) FROM numbers(2)

SELECT getSetting('nope')

SELECT getSetting(toString(number)) FROM numbers(2)

SELECT getSetting()

SELECT getSetting(1)

SELECT getSettingOrDefault('nope', 7) AS a, toTypeName(a)

SELECT getSettingOrDefault('nope', 'text') AS a, toTypeName(a), number FROM numbers(2)

SELECT getSettingOrDefault('nope', NULL) AS a, toTypeName(a)

SELECT getSettingOrDefault('load_balancing', 7) AS a, toTypeName(a)

SELECT getSettingOrDefault('nope')

SELECT getServerSetting('nope')

SELECT getServerSetting()

SELECT getServerSetting('a', 'b')

SELECT hasColumnInTable('system', 'one', 'dummy') AS a, toTypeName(a)

SELECT hasColumnInTable('system', 'one', 'Dummy'), hasColumnInTable('system', 'functions', 'name')

SELECT hasColumnInTable('system', 'nope', 'dummy')

SELECT hasColumnInTable('system', 'one')

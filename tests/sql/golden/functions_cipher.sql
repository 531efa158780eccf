SELECT tuple(hex(HMAC('sha256','abc','key')), toTypeName(HMAC('sha256','abc','key'))) AS given

SELECT tuple(hex(HMAC('md5','abc','key')), hex(HMAC('SHA1','abc','key')), hex(HMAC('sha512','abc','key')), hex(HMAC('sha224','','')), hex(HMAC('sha384','a','b'))) AS given

SELECT tuple(HMAC('x','abc','key')) AS given

SELECT tuple(hex(HMAC('sha3-256','abc','key'))) AS given

SELECT tuple(hex(HMAC('blake2b512','abc','key'))) AS given

SELECT tuple(hex(HMAC('sha512-256','abc','key'))) AS given

SELECT tuple(hex(HMAC('sha512-224','abc','key'))) AS given

SELECT tuple(hex(HMAC('sha-256','abc','key'))) AS given

SELECT tuple(hex(HMAC('sha2-256','abc','key'))) AS given

SELECT tuple(hex(HMAC('sha256 ','abc','key'))) AS given

SELECT tuple(hex(HMAC('shake128','abc','key'))) AS given

SELECT tuple(hex(HMAC('',  'abc','key'))) AS given

SELECT tuple(HMAC(1,'abc','key')) AS given

SELECT tuple(HMAC('sha256',1,'key')) AS given

SELECT tuple(HMAC('sha256','a',1)) AS given

SELECT tuple(HMAC('sha256','a')) AS given

SELECT tuple(HMAC('sha256','a','b','c')) AS given

SELECT tuple(HMAC(NULL,'abc','key'),HMAC('sha256',NULL,'key'),HMAC('sha256','abc',NULL)) AS given

SELECT tuple(hex(HMAC(materialize('sha256'),'abc','key'))) AS given

SELECT tuple(hex(HMAC('sha256',materialize('abc'),materialize('key')))) AS given

SELECT tuple(hex(HMAC('sha256',toFixedString('abc',5),toFixedString('key',4)))) AS given

SELECT tuple(hex(HMAC('sha256',toLowCardinality('abc'),'key')), toTypeName(HMAC('sha256',toLowCardinality('abc'),'key')), toTypeName(HMAC('sha256',toNullable('abc'),'key'))) AS given

SELECT tuple(hex(HMAC('sha256',toString(number),toString(number)))) AS given from numbers(2)

SELECT tuple(hex(encrypt('aes-256-ecb','text','12345678910121314151617181920212')), toTypeName(encrypt('aes-256-ecb','text','12345678910121314151617181920212'))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','text','1234567891012131')), hex(encrypt('aes-192-ecb','text','123456789101213141516171')), hex(encrypt('aes-128-cbc','text','1234567891012131')), hex(encrypt('aes-128-cbc','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-ctr','text','1234567891012131','iviviviviviviviv')), hex(encrypt('aes-128-ofb','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-cfb128','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-cfb','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-cfb8','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','text','1234567891012131','iviviviviviv')), hex(encrypt('aes-128-gcm','text','1234567891012131','iviviviviviv','aad'))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','text','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','text','1234567891012131',''))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','text','1234567891012131','i'))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','','1234567891012131','iviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','text','123456789101213','iviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','text','1234'))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','text','12345678910121311'))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc','text','1234567891012131','short'))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc','text','1234567891012131','iviviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc','text','1234567891012131',''))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc','text','1234567891012131','iviviviviviviviv','aad'))) AS given

SELECT tuple(hex(encrypt('AES-128-ECB','text','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('des-ede3-cbc','text','123456789101213112345678'))) AS given

SELECT tuple(hex(encrypt('aes-128-xts','text','12345678910121311234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-ccm','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-ocb','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('','text','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-128','text','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-256-wrap','text','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('camellia-128-cbc','text','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('sm4-cbc','text','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','','1234567891012131')), hex(encrypt('aes-128-ecb',NULL,'1234567891012131')), hex(encrypt('aes-128-ecb','a',NULL)), encrypt(NULL,'a','b')) AS given

SELECT tuple(hex(encrypt('aes-128-ecb',1,'1234567891012131'))) AS given

SELECT tuple(hex(encrypt(1,'a','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','a',1))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc','a','1234567891012131',1))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','a'))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','a','1234567891012131','iviviviviviv','aad','x'))) AS given

SELECT tuple(hex(encrypt(materialize('aes-128-ecb'),'a','1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb',materialize('a'),materialize('1234567891012131')))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb',toFixedString('a',3),toFixedString('1234567891012131',16)))) AS given

SELECT tuple(toTypeName(encrypt('aes-128-ecb',toNullable('a'),'1234567891012131')), toTypeName(encrypt('aes-128-ecb',toLowCardinality('a'),'1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm',NULL,'1234567891012131','iviviviviviv',NULL)), hex(encrypt('aes-128-cbc','a','1234567891012131',NULL))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','a','1234567891012131','iviviviviviv',1))) AS given

SELECT tuple(hex(encrypt('aes-128-gcm','a','1234567891012131','iviviviviviviviviviviviviviviv'))) AS given

SELECT tuple(decrypt('aes-128-ecb',encrypt('aes-128-ecb','text','1234567891012131'),'1234567891012131') as x, toTypeName(x)) AS given

SELECT tuple(decrypt('aes-128-ecb',encrypt('aes-128-ecb','text','1234567891012131'),'1234567891012132')) AS given

SELECT tuple(decrypt('aes-128-ecb','','1234567891012131')) AS given

SELECT tuple(decrypt('aes-128-ecb','abc','1234567891012131')) AS given

SELECT tuple(decrypt('aes-128-gcm',encrypt('aes-128-gcm','text','1234567891012131','iviviviviviv','aad'),'1234567891012131','iviviviviviv','aad')) AS given

SELECT tuple(decrypt('aes-128-gcm',encrypt('aes-128-gcm','text','1234567891012131','iviviviviviv','aad'),'1234567891012131','iviviviviviv','aae')) AS given

SELECT tuple(decrypt('aes-128-gcm','abc','1234567891012131','iviviviviviv','aad')) AS given

SELECT tuple(decrypt('aes-128-gcm','','1234567891012131','iviviviviviv','aad')) AS given

SELECT tuple(decrypt('aes-128-gcm',encrypt('aes-128-gcm','','1234567891012131','iviviviviviv'),'1234567891012131','iviviviviviv')) AS given

SELECT tuple(tryDecrypt('aes-128-ecb','abc','1234567891012131') as x, toTypeName(x)) AS given

SELECT tuple(tryDecrypt('aes-128-ecb',encrypt('aes-128-ecb','text','1234567891012131'),'1234567891012131') as x, toTypeName(x)) AS given

SELECT tuple(tryDecrypt('aes-128-ecb',encrypt('aes-128-ecb','text','1234567891012131'),'123')) AS given

SELECT tuple(tryDecrypt('aes-128-gcm','abc','1234567891012131','iviviviviviv','aad')) AS given

SELECT tuple(tryDecrypt('x','abc','1234567891012131','iviviviviviv','aad')) AS given

SELECT tuple(tryDecrypt('aes-128-gcm',encrypt('aes-128-gcm','text','1234567891012131','iviviviviviv','aad'),'1234567891012131','iviviviviviv','aae')) AS given

SELECT tuple(tryDecrypt('aes-128-gcm',encrypt('aes-128-gcm','text','1234567891012131','iviviviviviv','aad'),'1234567891012131','ivi','aad')) AS given

SELECT tuple(tryDecrypt('aes-128-ecb','','1234567891012131')) AS given

SELECT tuple(tryDecrypt('aes-128-cbc',encrypt('aes-128-cbc','text','1234567891012131'),'1234567891012131','xx')) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-128-ecb','text','1234567891012131')), hex(aes_encrypt_mysql('aes-128-ecb','text','12345678910121311')), hex(aes_encrypt_mysql('aes-128-ecb','text','1234')), hex(aes_encrypt_mysql('aes-128-ecb','text',''))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-cbc','text','12345678910121314151617181920212xyz','iviviviviviviviv'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-cbc','text','12345678910121314151617181920212xyz','ivivivivivivivivextra'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-cbc','text','1','short'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-cbc','text','12345678910121314151617181920212','short'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-cbc','text','12345678910121314151617181920212',''))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-cbc','text','12345678910121314151617181920212'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-gcm','text','12345678910121314151617181920212','iviviviviviv'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-ofb','text','12345678910121314151617181920212','iviviviviviviviv'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-cfb128','text','12345678910121314151617181920212','iviviviviviviviv'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-256-ctr','text','12345678910121314151617181920212','iviviviviviviviv'))) AS given

SELECT tuple(aes_decrypt_mysql('aes-128-ecb',aes_encrypt_mysql('aes-128-ecb','text','12345678910121311'),'12345678910121311') as x, toTypeName(x)) AS given

SELECT tuple(aes_decrypt_mysql('aes-128-ecb',aes_encrypt_mysql('aes-128-ecb','text','1234567891012131'),'x')) AS given

SELECT tuple(aes_decrypt_mysql('aes-128-ecb',encrypt('aes-128-ecb','text','1234567891012131'),'1234567891012131','iv','aad')) AS given

SELECT tuple(aes_encrypt_mysql('aes-128-ecb',1,2)) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-128-ecb','text','1234567891012131','abc'))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc',repeat('x',16),'1234567891012131')), hex(encrypt('aes-128-cbc',repeat('x',15),'1234567891012131'))) AS given

SELECT tuple(decrypt('aes-128-ecb',NULL,'1234567891012131'), toTypeName(tryDecrypt('aes-128-ecb',NULL,'1234567891012131')), toTypeName(tryDecrypt('aes-128-ecb',toLowCardinality('a'),'1234567891012131'))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc','text','1234567891012131','iviviviviviviviv',''))) AS given

SELECT tuple(hex(encrypt('aes-128-cfb1','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-ecb','text','1234567891012131','',''))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-128-cfb8','text','1234567891012131','iviviviviviviviv')), hex(aes_encrypt_mysql('aes-128-cfb','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-128-cfb1','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('id-aes128-GCM','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes128','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt(' aes-128-cbc','text','1234567891012131','iviviviviviviviv'))) AS given

SELECT tuple(hex(encrypt('aes-128-cbc','a',if(number=1,NULL,'1234567891012131')))) AS given from numbers(3)

SELECT tuple(hex(HMAC(' sha1','a','b'))) AS given

SELECT tuple(hex(HMAC('md5-sha1','a','b'))) AS given

SELECT tuple(decrypt('aes-128-gcm','','1234')) AS given

SELECT tuple(decrypt('aes-128-ecb','','1234')) AS given

SELECT tuple(aes_decrypt_mysql('aes-128-ecb','','1234567891012131')) AS given

SELECT tuple(aes_decrypt_mysql('aes-128-ecb','abc','1234567891012131')) AS given

SELECT tuple(hex(aes_encrypt_mysql('aes-128-ecb','text','1234567891012131')), hex(aes_encrypt_mysql('aes-128-ecb','text','12345678910121311')), hex(aes_encrypt_mysql('aes-192-ecb',toString(number),repeat('1234567890', 10)))) AS given FROM numbers(3)

SELECT tuple(aes_encrypt_mysql('aes-128-ecb','text','')) AS given

SELECT tuple(hex(hmac('md5',toString(number),repeat('k', number * 70)))) AS given FROM numbers(3)

SELECT tuple(tryDecrypt('aes-256-gcm', encrypt('aes-256-gcm', toString(number), repeat('k', 32), repeat('i', number + 1), 'a'), repeat('k', 32), repeat('i', number + 1), if(number = 1, 'b', 'a'))) AS given FROM numbers(3)

SELECT tuple(decrypt('aes-192-cfb8', encrypt('aes-192-cfb8', repeat('x', number * 100), repeat('k', 24)), repeat('k', 24)) = repeat('x', number * 100)) AS given FROM numbers(4)

SELECT tuple(tryDecrypt('aes-128-cbc', x, '1234567891012131')) AS given FROM (SELECT if(number = 1, NULL, encrypt('aes-128-cbc', 'a', '1234567891012131')) AS x FROM numbers(3))

SELECT tuple(hex(encrypt('aes-128-ecb', '\xff\0', unhex('00112233445566778899aabbccddeeff'))), hex(HMAC('sha1', '\xff\0', '\0'))) AS given

-- Vietnamese text in the database: the functions of kernel/text.py, made from its tables. Never edited: generated
-- columns and indexes hold what they return. A change is a new set of functions (_2) and new columns.
CREATE FUNCTION canbo.vn_fold_1(s text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(normalize(s, NFD),
    ' nhigtcaoumyelrdpbskvqxjwfzNHIGTCAOUMYELRDPBSKVQXJWFZđĐðøØłŁßı' ||
    U&'\0300\0309\0303\0301\0323\0302\031B\0306\0304\0305\0307\0308\030A\030B\030C\030D\030E\030F\0310\0311\0312\0313\0314\0315\0316\0317\0318\0319\031A\031C\031D\031E\031F\0320\0321\0322\0324\0325\0326\0327\0328\0329\032A\032B\032C\032D\032E\032F\0330\0331\0332\0333\0334\0335\0336\0337\0338\0339\033A\033B\033C\033D\033E\033F\0340\0341\0342\0343\0344\0345\0346\0347\0348\0349\034A\034B\034C\034D\034E\034F\0350\0351\0352\0353\0354\0355\0356\0357\0358\0359\035A\035B\035C\035D\035E\035F\0360\0361\0362\0363\0364\0365\0366\0367\0368\0369\036A\036B\036C\036D\036E\036F',
    ' nhigtcaoumyelrdpbskvqxjwfznhigtcaoumyelrdpbskvqxjwfzdddoollsi');

CREATE FUNCTION canbo.vn_weights_1(s text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(normalize(s, NFC),
    ' nhigtcaoumyelrdpbskvqxjwfzNHIGTCAOUMYELRDPBSKVQXJWFZàÀảẢãÃáÁạẠăĂằẰẳẲẵẴắẮặẶâÂầẦẩẨẫẪấẤậẬđĐèÈẻẺẽẼéÉẹẸêÊềỀểỂễỄếẾệỆìÌỉỈĩĨíÍịỊòÒỏỎõÕóÓọỌôÔồỒổỔỗỖốỐộỘơƠờỜởỞỡỠớỚợỢùÙủỦũŨúÚụỤưƯừỪửỬữỮứỨựỰỳỲỷỶỹỸýÝỵỴÄÅÇËÎÏÑÖØÛÜßäåçëîïðñöøûüÿĀāĄąĆćĈĉĊċČčĎďĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĪīĬĭĮįİıĴĵĶķĹĺĻļĽľŁłŃńŅņŇňŌōŎŏŐőŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǡǦǧǨǩǪǫǬǭǰǴǵǸǹǺǻȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚțȞȟȦȧȨȩȪȫȬȭȮȯȰȱȲȳ',
    ' QKLJYD@RZP_GOWEUCXN\V^M]I`QKLJYD@RZP_GOWEUCXN\V^M]I`@@@@@@@@@@AAAAAAAAAAAABBBBBBBBBBBBFFGGGGGGGGGGHHHHHHHHHHHHLLLLLLLLLLRRRRRRRRRRSSSSSSSSSSSSTTTTTTTTTTTTZZZZZZZZZZ[[[[[[[[[[[[__________@@DGLLQRRZZX@@DGLLEQRRZZ_@@@@DDDDDDDDEEGGGGGGGGGGJJJJJJJJKKLLLLLLLLMMNNOOOOOOOOQQQQQQRRRRRRWWWWWWXXXXXXXXYYYYZZZZZZZZZZ]]___``````@@LLRRZZZZZZZZZZ@@@@JJNNRRRRMJJQQ@@@@@@GGGGLLLLRRRRWWWWZZZZXXYYKK@@GGRRRRRRRR__');

CREATE FUNCTION canbo.vn_tones_1(s text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN translate(normalize(s, NFD),
    U&'\0300\0309\0303\0301\0323' || 'nhigtcaoumyelrdpbskvqxjwfzNHIGTCAOUMYELRDPBSKVQXJWFZđĐðøØłŁßı' ||
    U&'\0302\031B\0306\0304\0305\0307\0308\030A\030B\030C\030D\030E\030F\0310\0311\0312\0313\0314\0315\0316\0317\0318\0319\031A\031C\031D\031E\031F\0320\0321\0322\0324\0325\0326\0327\0328\0329\032A\032B\032C\032D\032E\032F\0330\0331\0332\0333\0334\0335\0336\0337\0338\0339\033A\033B\033C\033D\033E\033F\0340\0341\0342\0343\0344\0345\0346\0347\0348\0349\034A\034B\034C\034D\034E\034F\0350\0351\0352\0353\0354\0355\0356\0357\0358\0359\035A\035B\035C\035D\035E\035F\0360\0361\0362\0363\0364\0365\0366\0367\0368\0369\036A\036B\036C\036D\036E\036F',
    '12345');

CREATE FUNCTION canbo.vn_key_1(s text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN canbo.vn_weights_1(s) || E'\x01' || canbo.vn_tones_1(s);

-- A name is weighed once and then divided at its last space.
CREATE FUNCTION canbo.vn_name_key_1(s text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    weights text := canbo.vn_weights_1(btrim(s));
    tones text := canbo.vn_tones_1(btrim(s));
    given text := split_part(weights, ' ', -1);
    tone text := split_part(tones, ' ', -1);
    before text := left(weights, length(weights) - length(given));
    rest text := rtrim(before);
BEGIN
    RETURN given || E'\x01' || tone || E'\x02' || rest || E'\x01'
        || left(tones, length(tones) - length(tone) - (length(before) - length(rest)));
END $$;

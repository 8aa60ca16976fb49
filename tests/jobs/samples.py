"""Small tables of cards, as other systems write them."""

PRETIX = """\
Gift card code;Test mode card;Creation date;Expiry date;Special terms and conditions;Currency;Current value;\
Created in order;Last invoice number of order;Last invoice date of order
ABCDEFGH23456789;No;2025-11-03;2026-12-31;Only on Tuesdays;EUR;25.00;CONF-ABC12;CONF-1;2025-11-03
TESTTEST23456789;Yes;2025-11-03;2026-12-31;;EUR;99.00;;;
ZZZZEFGH23456789;No;2026-01-02;;;EUR;0.00;;;
"""
PRETIX_GERMAN = PRETIX.replace(PRETIX.splitlines()[0], ";".join(f"Spalte {place}" for place in "abcdefghij")).replace(
    ";No;", ";Nein;"
)
PRETIX_REDEMPTIONS = """\
Event slug;Order;Payment ID;Date;Gift card code;Amount;Issuer
expo;ORD11;ORD11-P-1;2025-12-01;ABCDEFGH23456789;10.00;Fairs
expo;ORD11;ORD11-R-1;2025-12-01;ABCDEFGH23456789;-4.00;Fairs
expo;ORD12;ORD12-P-1;2026-02-03;ABCDEFGH23456789;19.00;Fairs
gala;ORD13;ORD13-P-1;2026-01-02;zzzzefgh23456789;15.00;Fairs
gala;ORD14;ORD14-P-2;2026-01-02;TESTTEST23456789;1.00;Fairs
gala;ORD15;ORD15-P-1;2026-01-02;SOMEBODYELSES234;1.00;Others
"""
ERPLY = "code,expiry\nABCD-EFGH-IJKL,2027-01-31\n0123456789,2027-02-28\n"
SHOPIFY = """\
Id,Last Characters,Customer Name,Email,Recipient Name,Recipient Email,Order Name,Date Issued,Send At,Expires On,\
Initial Balance,Current Balance,Currency,Expired?,Enabled?,Disabled At,Issuing Staff Member,Note,Message
5501,6789,Max Moss,max@example.org,Ada,ada@example.org,#1001,2025-12-01 10:00:00 +0000,,2028-01-01,50.00,30.00,GBP,\
false,true,,Sam,Paid twice,Happy birthday
5502,4321,Max Moss,max@example.org,,,#1002,2025-12-01 10:00:00 +0000,,,20.00,20.00,GBP,false,false,\
2026-03-04 09:30:00 +0000,,,
"""
SPREE = """\
Code,Amount,Amount Used,Amount Remaining,Currency,Status,Expires At,Customer Email,Customer First Name,\
Customer Last Name,Created At,Updated At
ABC123XYZ,"$1,250.00",$10.00,"$1,240.00",USD,Active,2026-12-31,john@example.com,John,Doe,2025-12-01 10:00:00,\
2026-02-01 09:30:00
DEF456UVW,$50.00,$50.00,$0.00,USD,Redeemed,,,,,2025-12-01 10:00:00,2026-02-01 09:30:00
GHI789RST,$50.00,$0.00,$50.00,USD,Canceled,,,,,2025-12-01 10:00:00,2026-02-01 09:30:00
"""
PW = "number,balance,expiration_date,recipient_email\nABCD-EFGH-IJKL-MNOP,12.50,2026-12-31,ada@example.org\n"
GIFT_UP = """\
Balance,Code,Purchaser Name,Purchaser Email,Recipient Name,Recipient Email,Initial Balance,Price,Item Name,\
Description,Terms,Message,Tip,Issued On,Expires On,Valid From
30.00,GU1234567890,Max,max@example.org,Ada,ada@example.org,50.00,45.00,$50 Gift Card,,,"Happy, birthday!",0,2026-01-05,\
2027-01-04,2026-02-01
10.00,GU1234567891,,,,,,,,,,,,,,
"""
COMMERCE_LAYER = """\
code,currency_code,balance_cents,balance_max_cents,status,single_use,rechargeable,distribute_discount,image_url,\
expires_at,recipient_email,reference,reference_origin,gift_card_recipient_id,market_id
32db311a-75d9-4c17-9e34,GBP,1234,5000,active,false,true,false,,2026-12-31T00:00:00.000Z,ada@example.org,R-1,,,
42db311a-75d9-4c17-9e34,GBP,100,,inactive,false,true,false,,2026-12-31T12:00:00Z,,,,,
"""
SHOPFRONT = (
    "code,balance,outlet,original,expiry\nAbCdEf123,£12.50,Leeds,£50.00,31/12/2026\nGhIjKl456,7,Bath,,01/02/2027\n"
)

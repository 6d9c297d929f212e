"""The order in which Germans look names up, whatever collation a database has (DIN 5007-1).

Letters with marks sort as their bare letters, capitals beside small ones. The two strings are
for PostgreSQL's `translate`; capitals are among them since a database without a locale cannot
lower letters with marks.
"""

MARKED = "äàáâãåæçèéêëìíîïñòóôõöøœßùúûüýÿğışžćčłÄÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØŒÙÚÛÜÝĞİŞŽĆČŁ"
BARE = "aaaaaaaceeeeiiiinooooooosuuuuyygiszcclaaaaaaaceeeeiiiinooooooouuuuygiszccl"

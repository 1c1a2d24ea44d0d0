namespace MediaAspire.Benchmarks.Media;

/// <summary>The combinations of filter and order that are measured; names in braces are replaced by values that are drawn.</summary>
internal static class SearchCombinations
{
    public static readonly string[] All =
    [
        // The whole catalog in each order.
        "",
        "order=createdAt",
        "order=-uploadedAt",
        "order=-updatedAt",
        "order=-size",
        "order=name",
        "limit=100",

        // An owner's items, as most lists ask.
        "owner={owner}",
        "owner={owner}&order=-size",
        "owner={owner}&order=name&limit=100",
        "owner={owner}&order=-updatedAt",
        "owner={owner}&public=true",
        "owner={owner}&kind={kind}&order=-size",
        "owner={owner}&tags={tag}",
        "owner={owner}&tags={tag}&order=name",
        "owner={owner}&tags={tag},{othertag}&order=-updatedAt",
        "owner={owner}&without={tag}&status=ready",
        "owner={owner}&categories={category}&kind={kind}&public=false",
        "owner={owner}&name.match={word}",
        "owner={owner}&multi={word}&order=-updatedAt",
        "owner={owner}&size.gte={size}&createdAt.lt={time}",
        "owner={owner}&alias={alias}",
        "owner={owner}&status=failed",

        // All owners: public lists.
        "public=true",
        "public=true&order=-size",
        "public=true&kind={kind}",
        "public=true&kind={kind}&order=name",
        "public=true&tags={tag}",
        "public=true&tags={tag}&order=-size",
        "public=true&tags={tag},{othertag}",
        "public=true&tags={tag},{othertag}&order=name&limit=100",
        "public=true&tags={tag}&without={othertag}&order=-updatedAt",
        "public=true&categories={category}&kind={kind}&order=-createdAt",
        "public=true&categories={category}&tags={tag}&kind={kind}&order=-size",

        // All owners: kinds, states, ranges.
        "kind={kind}&order=-size",
        "kind=text&order=-size",
        "kind={kind}&size.gte={size}&order=size",
        "kind={kind}&tags={raretag}&order=-createdAt",
        "kind.ne=image&tags={tag}&order=-uploadedAt",
        "tags={commontag},{tag}",
        "tags={raretag}&order=name",
        "tags={raretag}&limit=100&order=-updatedAt",
        "tags={tag},{othertag},{commontag}&order=-size",
        "without={commontag},{tag}&kind={kind}",
        "size.gte={size}&size.lt={size}0",
        "size.gte={size}&tags={tag}&order=-createdAt",
        "createdAt.gte={time}&order=createdAt",
        "createdAt.lt={time}&tags={tag}",
        "createdAt.gte={time}&kind={kind}&order=-size",
        "updatedAt.gte={time}&order=updatedAt&kind={kind}",
        "uploadedAt.lt={time}&order=-uploadedAt&public=true",
        "width.gte=3900&order=-createdAt",
        "width.gte=1900&height.lt=1100&kind=image&order=-size",
        "status=failed&order=-createdAt",
        "status=pending&order=createdAt",
        "status=ready&tags={tag}&kind={kind}",
        "alias={alias}",
        "id={id}",

        // Texts and applications' fields.
        "name.match={word}",
        "name.match={word}&public=true&order=-size",
        "name={name}",
        "name.gte={name}&order=name",
        "multi={word}",
        "multi={word}&multi.in=name,description&tags={tag}",
        "description.match={word}&kind={kind}&order=-updatedAt",
        "website.match={word}",
        "c_colour={colour}&order=-createdAt",
        "c_rank={rank}&public=true&kind={kind}",
    ];

    /// <summary>Filters that no index helps with; their time grows with the catalog, up to the limit of a statement.</summary>
    public static readonly string[] Unindexed =
    [
        "c_rank.gte=990&order=-createdAt",
        "version.gte=1000",
        "multi=zq",
    ];
}

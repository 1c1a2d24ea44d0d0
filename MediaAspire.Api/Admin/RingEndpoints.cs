using System.Globalization;
using MediaAspire.Api.Files;
using MediaAspire.Core.Chunks;
using MediaAspire.Core.Cluster;
using MediaAspire.Core.Ids;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace MediaAspire.Api.Admin;

/// <summary>The ring that places new chunks: <c>/admin/ring</c>.</summary>
internal static class RingEndpoints
{
    /// <summary>The most arcs of a map.</summary>
    public const int MaxArcs = 4096;

    public static void MapRing(this RouteGroupBuilder admin) =>
        admin.MapGet("/ring", Get).WithName("GetRing")
            .WithSummary("Show the share of the key space of each node, and the places of a key or a file")
            .WithDescription(
                "key is a point of the ring as an unsigned 64-bit number, decimal or 0x hexadecimal; " +
                "fileId is the id of a file, which need not exist. " +
                "arcs, 1 to 4096, adds a map of the ring: the owner of each of that many equal arcs. " +
                "Places are those of the whole ring. An upload skips nodes that are full or unreachable.")
            .ProducesProblem(StatusCodes.Status400BadRequest);

    private static async Task<Results<Ok<RingResponse>, ProblemHttpResult>> Get(
        string? key, string? fileId, int? arcs, NodeRegistry registry, IOptions<ChunkOptions> chunks, CancellationToken cancellationToken)
    {
        ulong point = 0;
        if (key is not null && !TryReadKey(key, out point))
        {
            return RingErrors.InvalidKey();
        }

        FileId file = default;
        if (fileId is not null && !FileId.TryParse(fileId, out file))
        {
            return FileErrors.InvalidId(fileId);
        }

        if (arcs is < 1 or > MaxArcs)
        {
            return RingErrors.InvalidArcs(arcs.Value);
        }

        var cluster = await registry.ReadAsync(cancellationToken);
        var owners = Owners(cluster);
        return TypedResults.Ok(new RingResponse(
            cluster.Ring.Count,
            owners,
            arcs is null ? null : Map(cluster.Ring, owners, arcs.Value),
            key is null ? null : new($"0x{point:x16}", [.. cluster.Ring.Walk(point).Select(server => Name(cluster, server))]),
            fileId is null ? null : Place(cluster, file, chunks.Value)));
    }

    // The owner of an arc is that of the key in its middle.
    private static int[] Map(HashRing ring, List<RingOwnerResponse> owners, int arcs)
    {
        if (owners.Count == 0)
        {
            return [];
        }

        var indexes = owners.Select((owner, index) => (owner.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        var width = ulong.MaxValue / (ulong)arcs;
        return [.. Enumerable.Range(0, arcs).Select(arc => indexes[ring.Find((ulong)arc * width + width / 2).Value])];
    }

    private static bool TryReadKey(string text, out ulong key) => text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
        ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out key)
        : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out key);

    private static List<RingOwnerResponse> Owners(ClusterSnapshot cluster)
    {
        var (counts, shares) = (cluster.Ring.PointCounts(), cluster.Ring.Shares());
        return [.. cluster.Ring.Servers.ToArray().Select((server, i) => new RingOwnerResponse(
            server.Value, Name(cluster, server).Name, counts[i], shares[i])).OrderBy(owner => owner.Name, StringComparer.Ordinal)];
    }

    private static RingFileResponse Place(ClusterSnapshot cluster, FileId file, ChunkOptions options)
    {
        var plan = Placement.Place(cluster.Ring, file, options.Count, options.Copies);
        return new(
            file.Value,
            options.Copies,
            [.. Enumerable.Range(0, plan.Chunks).Select(chunk => new RingChunkResponse(
                chunk, [.. plan.ServersOf(chunk).ToArray().Select(server => Name(cluster, server))]))]);
    }

    private static RingServerResponse Name(ClusterSnapshot cluster, ServerId server) =>
        new(server.Value, cluster.TryGetServer(server, out var known) ? known.Name : server.ToString());
}

/// <param name="Points">Virtual nodes on the ring.</param>
/// <param name="Owners">The nodes that take new chunks.</param>
/// <param name="Map">
/// The index in <paramref name="Owners"/> of the owner of each arc, clockwise from key 0; null without <c>arcs</c>.
/// </param>
/// <param name="Key">The place of the requested key on the ring; null when the request names none.</param>
/// <param name="File">The places of the requested file; null when the request names none.</param>
public sealed record RingResponse(
    int Points, IReadOnlyList<RingOwnerResponse> Owners, IReadOnlyList<int>? Map, RingKeyResponse? Key, RingFileResponse? File);

/// <param name="Id">The node's id.</param>
/// <param name="Name">The node's name.</param>
/// <param name="Points">Its virtual nodes.</param>
/// <param name="KeySpaceShare">Its part of all keys, 0 to 1. Together 1.</param>
public sealed record RingOwnerResponse(Guid Id, string Name, int Points, double KeySpaceShare);

/// <param name="Id">The node's id.</param>
/// <param name="Name">The node's name.</param>
public sealed record RingServerResponse(Guid Id, string Name);

/// <param name="Key">The key, in hexadecimal.</param>
/// <param name="Servers">The key's owner, then the others in the order in which a walk clockwise meets them.</param>
public sealed record RingKeyResponse(string Key, IReadOnlyList<RingServerResponse> Servers);

/// <param name="FileId">The file's id.</param>
/// <param name="Copies">Copies wanted of each chunk.</param>
/// <param name="Chunks">The places of its chunks, for the number of chunks of a large file.</param>
public sealed record RingFileResponse(Guid FileId, int Copies, IReadOnlyList<RingChunkResponse> Chunks);

/// <param name="Number">The chunk's number, from 0.</param>
/// <param name="Servers">The servers of its copies, the first choice first.</param>
public sealed record RingChunkResponse(int Number, IReadOnlyList<RingServerResponse> Servers);

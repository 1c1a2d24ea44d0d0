using System.Buffers.Binary;
using System.IO.Hashing;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>Chooses the servers for the copies of a file's chunks: consistent hashing with bounded loads per file.</summary>
/// <remarks>
/// <para>
/// Copy <c>c</c> of chunk <c>i</c> enters the ring at a point of its own and walks clockwise. It takes the first server that holds
/// no other copy of the chunk and fewer chunks of copy row <c>c</c> of this file than the bound; failing that, the first that holds
/// no other copy. The bound is ⌈chunks / servers⌉, or ⌊chunks so far / servers⌋ + 1 while the number of chunks is unknown.
/// </para>
/// <para>
/// So no two copies of a chunk share a server, and the first copies of up to N chunks stand on N servers. The same ring and file give
/// the same places, and a server that joins or leaves moves few of them. docs/adr/0003-placement.md has the figures.
/// </para>
/// <para>Not thread-safe: an instance places the chunks of one file in order. The static methods are thread-safe.</para>
/// </remarks>
public sealed class Placement
{
    private readonly HashRing _ring;
    private readonly FileId _file;
    private readonly int _fixedBound;
    private readonly int _copies;

    // _loads[c * servers + s]: chunks of copy row c that server s holds.
    private readonly int[] _loads;
    private int _chunk;

    private Placement(HashRing ring, FileId file, int fixedBound, int copies)
    {
        _ring = ring;
        _file = file;
        _fixedBound = fixedBound;
        _copies = Math.Min(copies, ring.Servers.Length);
        _loads = new int[_copies * ring.Servers.Length];
    }

    /// <summary>Places a file whose number of chunks is known.</summary>
    /// <param name="ring">The servers that may be chosen.</param>
    /// <param name="file">The file; its id decides the places.</param>
    /// <param name="chunks">Chunks of the file, zero or more.</param>
    /// <param name="copies">Copies wanted of each chunk, at least one.</param>
    public static PlacementPlan Place(HashRing ring, FileId file, int chunks, int copies)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(chunks);
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);

        var servers = ring.Servers.Length;
        var placement = new Placement(ring, file, servers == 0 ? 0 : (chunks + servers - 1) / servers, copies);
        var places = new ServerId[chunks * placement._copies];
        for (var chunk = 0; chunk < chunks; chunk++)
        {
            placement.PlaceNext(places.AsSpan(chunk * placement._copies, placement._copies));
        }

        return new PlacementPlan(places, chunks, placement._copies, copies);
    }

    /// <summary>Starts to place a file that is cut into chunks as its bytes come.</summary>
    public static Placement Start(HashRing ring, FileId file, int copies)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(copies, 1);
        return new Placement(ring, file, fixedBound: 0, copies);
    }

    /// <summary>Places the next chunk: as many distinct servers as copies are wanted, or all of them when they are fewer.</summary>
    public ServerId[] Next()
    {
        var places = new ServerId[_copies];
        PlaceNext(places);
        return places;
    }

    /// <summary>Every server, in the order in which a copy of a chunk prefers them; what fail-over walks.</summary>
    /// <param name="ring">The servers that may be chosen.</param>
    /// <param name="file">The file.</param>
    /// <param name="chunk">The chunk's number, from zero.</param>
    /// <param name="copy">The copy's number, from zero.</param>
    public static IEnumerable<ServerId> Candidates(HashRing ring, FileId file, int chunk, int copy) =>
        ring.Walk(EntryPoint(file, chunk, copy));

    /// <summary>
    /// Computes the point at which a copy enters the ring: XXH64 (seed 0) of the file id, big-endian, then chunk and copy as 4
    /// little-endian bytes each.
    /// </summary>
    internal static ulong EntryPoint(FileId file, int chunk, int copy)
    {
        Span<byte> key = stackalloc byte[FileId.Size + (2 * sizeof(int))];
        file.Write(key);
        BinaryPrimitives.WriteInt32LittleEndian(key[FileId.Size..], chunk);
        BinaryPrimitives.WriteInt32LittleEndian(key[(FileId.Size + sizeof(int))..], copy);
        return XxHash64.HashToUInt64(key);
    }

    private void PlaceNext(Span<ServerId> places)
    {
        var servers = _ring.Servers;
        var bound = _fixedBound > 0 || servers.Length == 0 ? _fixedBound : 1 + (_chunk / servers.Length);
        for (var copy = 0; copy < _copies; copy++)
        {
            var row = _loads.AsSpan(copy * servers.Length, servers.Length);
            var owner = Walk(EntryPoint(_file, _chunk, copy), places[..copy], row, bound);
            row[owner]++;
            places[copy] = servers[owner];
        }

        _chunk++;
    }

    /// <summary>The index of the chosen server; <paramref name="taken"/> must leave at least one free.</summary>
    private int Walk(ulong entry, ReadOnlySpan<ServerId> taken, ReadOnlySpan<int> row, int bound)
    {
        var fallback = -1;
        var start = _ring.IndexOf(entry);
        for (var step = 0; step < _ring.Count; step++)
        {
            var index = start + step;
            var owner = _ring.OwnerAt(index < _ring.Count ? index : index - _ring.Count);
            if (taken.Contains(_ring.Servers[owner]))
            {
                continue;
            }

            if (row[owner] < bound)
            {
                return owner;
            }

            fallback = fallback < 0 ? owner : fallback;
        }

        return fallback;
    }
}

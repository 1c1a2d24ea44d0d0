using System.Buffers.Binary;
using System.IO.Hashing;
using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Cluster;

/// <summary>An immutable ring of virtual nodes for consistent hashing.</summary>
/// <remarks>
/// Thread-safe. A key belongs to the first point at or after it; past the last point the ring starts again. Points are XXH64
/// values and compare as unsigned, though the database stores them reinterpreted as signed.
/// </remarks>
public sealed class HashRing
{
    /// <summary>Virtual nodes of one server, unless configured otherwise.</summary>
    public const int DefaultVirtualNodes = 150;

    // _points[i] <= _points[i + 1], and _servers[_owners[i]] owns _points[i].
    private readonly ulong[] _points;
    private readonly int[] _owners;
    private readonly ServerId[] _servers;

    private HashRing(ulong[] points, int[] owners, ServerId[] servers)
    {
        _points = points;
        _owners = owners;
        _servers = servers;
    }

    public static HashRing Empty { get; } = new([], [], []);

    /// <summary>Points on the ring.</summary>
    public int Count => _points.Length;

    /// <summary>The distinct servers, ordered by id.</summary>
    public ReadOnlySpan<ServerId> Servers => _servers;

    /// <summary>Creates the ring with the points of every server.</summary>
    public static HashRing Create(IEnumerable<ServerId> servers, int virtualNodes = DefaultVirtualNodes) =>
        Create(servers.Distinct().SelectMany(server =>
            Enumerable.Range(0, virtualNodes).Select(index => new RingNode(server, PointOf(server, index)))));

    /// <summary>Makes a ring of stored points. Equal points go to the smaller server id, in any order of the arguments.</summary>
    public static HashRing Create(IEnumerable<RingNode> nodes)
    {
        var sorted = nodes.ToArray();
        Array.Sort(sorted, static (a, b) => a.Point != b.Point ? a.Point.CompareTo(b.Point) : a.Server.Value.CompareTo(b.Server.Value));

        ServerId[] servers = [.. sorted.Select(node => node.Server).Distinct().OrderBy(server => server.Value)];
        var indexes = new Dictionary<ServerId, int>(servers.Length);
        for (var i = 0; i < servers.Length; i++)
        {
            indexes.Add(servers[i], i);
        }

        return new HashRing(
            Array.ConvertAll(sorted, static node => node.Point),
            Array.ConvertAll(sorted, node => indexes[node.Server]),
            servers);
    }

    /// <summary>
    /// The point of a virtual node: XXH64 (seed 0) of the id's 16 big-endian bytes and the index as 4 little-endian bytes.
    /// </summary>
    public static ulong PointOf(ServerId server, int virtualNodeIndex)
    {
        Span<byte> key = stackalloc byte[ServerId.Size + sizeof(int)];
        server.Write(key);
        BinaryPrimitives.WriteInt32LittleEndian(key[ServerId.Size..], virtualNodeIndex);
        return XxHash64.HashToUInt64(key);
    }

    /// <summary>Finds the server that a key belongs to. O(log <see cref="Count"/>), no allocation.</summary>
    /// <exception cref="InvalidOperationException">The ring is empty.</exception>
    public ServerId Find(ulong key) =>
        _points.Length > 0 ? _servers[_owners[IndexOf(key)]] : throw new InvalidOperationException("The ring has no server.");

    /// <summary>Every server, in the order in which a walk clockwise from a key first meets them.</summary>
    public IEnumerable<ServerId> Walk(ulong key)
    {
        var seen = new bool[_servers.Length];
        var left = seen.Length;
        for (var i = left == 0 ? 0 : IndexOf(key); left > 0; i = i + 1 == Count ? 0 : i + 1)
        {
            var owner = _owners[i];
            if (!seen[owner])
            {
                seen[owner] = true;
                left--;
                yield return _servers[owner];
            }
        }
    }

    /// <summary>The part of all keys that belongs to each of <see cref="Servers"/>, in their order; together 1.</summary>
    public double[] Shares()
    {
        var shares = new double[_servers.Length];
        for (var i = 0; i < Count; i++)
        {
            // A point owns the keys after the point before it, up to itself; the first one also those past the last. Unsigned
            // arithmetic wraps around with the ring.
            var keys = unchecked(_points[i] - _points[i == 0 ? Count - 1 : i - 1]);
            shares[_owners[i]] += i == 0 && keys == 0 ? 1 : keys / Math.Pow(2, 64);
        }

        return shares;
    }

    /// <summary>Counts the points of each of <see cref="Servers"/>, in their order.</summary>
    public int[] PointCounts()
    {
        var counts = new int[_servers.Length];
        foreach (var owner in _owners)
        {
            counts[owner]++;
        }

        return counts;
    }

    /// <summary>Leaves some servers out.</summary>
    public HashRing Without(Predicate<ServerId> leftOut) =>
        Create(Enumerable.Range(0, Count).Select(i => new RingNode(_servers[_owners[i]], _points[i])).Where(node => !leftOut(node.Server)));

    /// <summary>Finds the first point at or after the key, or else the ring's first.</summary>
    internal int IndexOf(ulong key)
    {
        int low = 0, high = _points.Length;
        while (low < high)
        {
            var middle = (int)((uint)(low + high) >> 1);
            if (_points[middle] < key)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low == _points.Length ? 0 : low;
    }

    /// <summary>The index into <see cref="Servers"/> of the owner of the n-th point.</summary>
    internal int OwnerAt(int pointIndex) => _owners[pointIndex];
}

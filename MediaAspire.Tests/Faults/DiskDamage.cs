using Npgsql;

namespace MediaAspire.Tests.Faults;

/// <summary>Damages chunk files on a node's disk, and checks when they are healed.</summary>
internal sealed class DiskDamage(CampaignGraph graph, CampaignLog log)
{
    private const int MostCopies = 3;

    // Attempts to find a copy, a quarter of a second apart: at the start and near the end of a campaign no file may exist.
    private const int MostLooks = 40;

    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(250);

    private readonly List<Wound> _wounds = [];

    /// <summary>Damages up to three copies on one node, chosen by the fault's seed.</summary>
    public async Task DoAsync(Fault fault, CancellationToken cancellationToken)
    {
        var random = new Random(fault.Seed);
        var copies = await ListCopiesAsync(fault.Node!, cancellationToken);
        var wanted = random.Next(MostCopies) + 1;
        for (var number = 0; number < wanted && copies.Count > 0; number++)
        {
            var index = random.Next(copies.Count);
            var (chunk, server) = copies[index];
            copies.RemoveAt(index);
            var path = Path.Combine(graph.DirectoryOf(fault.Node!), "chunks", chunk.ToString()[^2..], $"{chunk}.chunk");
            if (await Wound.HashAsync(path, cancellationToken) is { } hash)
            {
                var what = Damage(fault.Kind, path, random);
                _wounds.Add(new(fault.Node!, server, chunk, path, hash));
                log.Count($"copies damaged, {fault.Kind}", "done");
                log.Write("nemesis", $"{fault.Node}: chunk {chunk}: {what}");
            }
        }
    }

    /// <summary>Lists the damage that is not healed: the row is <c>stored</c>, but the file differs.</summary>
    public async Task<IReadOnlyList<string>> ListOpenAsync(CancellationToken cancellationToken)
    {
        foreach (var wound in _wounds.ToList())
        {
            if (await wound.IsHealedOnDiskAsync(cancellationToken) || !await IsCopyAsync(wound, cancellationToken))
            {
                _wounds.Remove(wound);
            }
        }

        return [.. _wounds.Select(wound =>
            $"the damage to chunk {wound.Chunk} on {wound.Node} ({wound.Path}) is neither detected nor healed")];
    }

    private static string Damage(FaultKind kind, string path, Random random)
    {
        if (kind == FaultKind.DeleteChunks)
        {
            File.Delete(path);
            return "deleted";
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        var position = random.NextInt64(file.Length);
        if (kind == FaultKind.TruncateChunks)
        {
            var length = file.Length;
            file.SetLength(position);
            return $"cut from {length} to {position} bytes";
        }

        file.Position = position;
        var flipped = (byte)(file.ReadByte() ^ (1 << random.Next(8)));
        file.Position = position;
        file.WriteByte(flipped);
        return $"a bit of byte {position} of {file.Length} flipped";
    }

    private async Task<List<(Guid Chunk, Guid Server)>> ListCopiesAsync(string node, CancellationToken cancellationToken)
    {
        var copies = new List<(Guid, Guid)>();
        for (var look = 0; look < MostLooks && copies.Count == 0; look++)
        {
            try
            {
                await using var command = graph.Database.CreateCommand(
                    """
                    SELECT r.chunk_id, r.server_id
                    FROM storage_servers s
                    JOIN chunk_replicas r USING (server_id) JOIN chunks c USING (chunk_id) JOIN files f USING (file_id)
                    WHERE s.name = $1 AND r.status = 'stored' AND f.upload_status = 'completed' ORDER BY r.chunk_id
                    """);
                command.Parameters.Add(new() { Value = node });
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                while (await reader.ReadAsync(cancellationToken))
                {
                    copies.Add((reader.GetGuid(0), reader.GetGuid(1)));
                }
            }
            catch (NpgsqlException away)
            {
                log.Write("nemesis", $"the database is unavailable: {away.Message}");
                copies.Clear();
            }

            if (copies.Count == 0)
            {
                await Task.Delay(s_retry, TimeProvider.System, cancellationToken);
            }
        }

        return copies;
    }

    private async Task<bool> IsCopyAsync(Wound wound, CancellationToken cancellationToken)
    {
        await using var command = graph.Database.CreateCommand(
            "SELECT EXISTS (SELECT FROM chunk_replicas WHERE chunk_id = $1 AND server_id = $2 AND status = 'stored')");
        command.Parameters.Add(new() { Value = wound.Chunk });
        command.Parameters.Add(new() { Value = wound.Server });
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}

namespace MediaAspire.Tests.Faults;

/// <summary>Compares the chunk files on the nodes' disks with the rows, independently of the product's own reports.</summary>
internal sealed class DiskComparison(CampaignGraph graph)
{
    private const int MostNamed = 3;

    /// <summary>Lists chunk files without a row, and rows of stored copies without a file.</summary>
    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        var complaints = new List<string>();
        foreach (var node in CampaignGraph.NodeNames)
        {
            // The rows are read last: the row of a chunk precedes its file.
            var files = ListFiles(node);
            var rows = await ListRowsAsync(node, cancellationToken);
            Add(complaints, $"chunk files on {node} without a row", files.Where(chunk => !rows.ContainsKey(chunk)));
            Add(
                complaints, $"stored copies on {node} without a file",
                rows.Where(row => row.Value == "stored" && !files.Contains(row.Key)).Select(row => row.Key));
        }

        return complaints;
    }

    private HashSet<Guid> ListFiles(string node) =>
        [.. new DirectoryInfo(Path.Combine(graph.DirectoryOf(node), "chunks")).EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => Guid.Parse(Path.GetFileNameWithoutExtension(file.Name)))];

    private async Task<Dictionary<Guid, string>> ListRowsAsync(string node, CancellationToken cancellationToken)
    {
        await using var command = graph.Database.CreateCommand(
            "SELECT r.chunk_id, r.status FROM chunk_replicas r JOIN storage_servers s USING (server_id) WHERE s.name = $1");
        command.Parameters.Add(new() { Value = node });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new Dictionary<Guid, string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(reader.GetGuid(0), reader.GetString(1));
        }

        return rows;
    }

    private static void Add(List<string> complaints, string what, IEnumerable<Guid> chunks)
    {
        var found = chunks.ToList();
        if (found.Count > 0)
        {
            complaints.Add($"{found.Count} {what}: {string.Join(", ", found.Take(MostNamed))}");
        }
    }
}

using System.Collections.Concurrent;

namespace MediaAspire.Tests.Faults;

/// <summary>Every file that any client ever sent, and what must be true of it. Thread-safe.</summary>
internal sealed class CampaignModel
{
    private readonly ConcurrentDictionary<long, CampaignFile> _files = new();

    public ICollection<CampaignFile> Files => _files.Values;

    /// <summary>Bytes of the files that must be there.</summary>
    public long LiveBytes => Files.Where(file => file.MustBeThere).Sum(file => (long)file.Size);

    public void Add(CampaignFile file) => Assert.True(_files.TryAdd(file.Number, file));

    public CampaignFile? Find(string name) => Files.FirstOrDefault(file => file.Name == name);

    /// <summary>Chooses a file in one of the given states; null when there is none.</summary>
    public CampaignFile? Choose(Random random, params ReadOnlySpan<FileState> states)
    {
        var candidates = new List<CampaignFile>();
        foreach (var file in Files)
        {
            if (states.Contains(file.State))
            {
                candidates.Add(file);
            }
        }

        // In the order of their numbers, so that the choice hangs on the seed and not on the dictionary.
        candidates.Sort((one, other) => one.Number.CompareTo(other.Number));
        return candidates.Count == 0 ? null : candidates[random.Next(candidates.Count)];
    }
}

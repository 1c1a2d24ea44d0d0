using System.Collections.Concurrent;

namespace MediaAspire.Tests.Faults;

/// <summary>The files and keys that clients have written, and their expected states. Thread-safe.</summary>
internal sealed class CampaignModel
{
    private readonly ConcurrentDictionary<long, CampaignFile> _files = new();
    private readonly ConcurrentDictionary<long, CampaignMedia> _media = new();
    private readonly ConcurrentDictionary<string, CampaignKey> _keys = new(StringComparer.Ordinal);

    public ICollection<CampaignFile> Files => _files.Values;

    /// <summary>Gets the keys of the campaign's bucket that were ever written.</summary>
    public ICollection<CampaignKey> Keys => _keys.Values;

    /// <summary>Gets the media items that clients have tried to create.</summary>
    public ICollection<CampaignMedia> Media => _media.Values;

    /// <summary>Gets the bytes of the files, contents and items that must exist.</summary>
    public long LiveBytes =>
        Files.Where(file => file.MustBeThere).Sum(file => (long)file.Size) + Keys.Sum(key => (long)(key.Certain?.Size ?? 0))
        + Media.Where(media => media.State is MediaState.Stored or MediaState.Sent).Sum(media => (long)media.Size);

    public void Add(CampaignFile file) => Assert.True(_files.TryAdd(file.Number, file));

    public void Add(CampaignMedia media) => Assert.True(_media.TryAdd(media.Number, media));

    public void Add(CampaignKey key) => Assert.True(_keys.TryAdd(key.Name, key));

    public CampaignKey? FindKey(string name) => _keys.GetValueOrDefault(name);

    /// <summary>Chooses a key in one of the given states; null if no key has one.</summary>
    public CampaignKey? Choose(Random random, params ReadOnlySpan<CampaignKeyState> states)
    {
        var candidates = new List<CampaignKey>();
        foreach (var key in Keys)
        {
            if (states.Contains(key.State))
            {
                candidates.Add(key);
            }
        }

        candidates.Sort((one, other) => string.CompareOrdinal(one.Name, other.Name));
        return candidates.Count == 0 ? null : candidates[random.Next(candidates.Count)];
    }

    /// <summary>Chooses an item in one of the given states; null if no item has one.</summary>
    public CampaignMedia? ChooseMedia(Random random, params ReadOnlySpan<MediaState> states)
    {
        var candidates = new List<CampaignMedia>();
        foreach (var media in Media)
        {
            if (states.Contains(media.State))
            {
                candidates.Add(media);
            }
        }

        candidates.Sort((one, other) => one.Number.CompareTo(other.Number));
        return candidates.Count == 0 ? null : candidates[random.Next(candidates.Count)];
    }

    public CampaignFile? Find(string name) => Files.FirstOrDefault(file => file.Name == name);

    /// <summary>Chooses a file in one of the given states; null if no file has one.</summary>
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

        // In the order of their numbers, so that the choice depends on the seed and not on the dictionary.
        candidates.Sort((one, other) => one.Number.CompareTo(other.Number));
        return candidates.Count == 0 ? null : candidates[random.Next(candidates.Count)];
    }
}

using MediaAspire.Core.Ids;

namespace MediaAspire.Core.Media.Redis;

/// <summary>The counts of a run by finding, with a few examples of each.</summary>
public sealed class MetadataTally
{
    private const int ExamplesOfEach = 10;

    /// <summary>Gets the number of items that were dealt with.</summary>
    public long Done { get; private set; }

    /// <summary>Gets the counts by finding.</summary>
    public Dictionary<string, long> Counts { get; } = [];

    /// <summary>Gets the examples.</summary>
    public List<MetadataExample> Examples { get; } = [];

    /// <summary>Gets the number of items with a finding.</summary>
    public long Of(string finding) => Counts.GetValueOrDefault(finding);

    /// <summary>Records that items were dealt with.</summary>
    public void Advance(int items) => Done += items;

    /// <summary>Counts an item.</summary>
    public void Add(string finding, MediaId id, long? postgres, long? redis)
    {
        Counts[finding] = Of(finding) + 1;
        if (finding != MetadataFindings.Equal && Examples.Count(example => example.Finding == finding) < ExamplesOfEach)
        {
            Examples.Add(new(id.Value, finding, postgres, redis));
        }
    }
}

using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using static MediaAspire.Core.Media.Filters.FilterOperators;

namespace MediaAspire.Core.Media.Filters;

/// <summary>The fields of filters.</summary>
public static class FilterFields
{
    private const FilterOperators Same = Eq | Ne;
    private const FilterOperators Compared = Eq | Ne | Gt | Gte | Lt | Lte;
    private const FilterOperators Present = Exists | IsEmpty;
    private const int MaxCustomName = 64;

    public static readonly FilterField Id = new("id", FieldType.Id, Same);
    public static readonly FilterField Owner = new("owner", FieldType.Text, Same | Match);
    public static readonly FilterField Public = new("public", FieldType.Flag, Eq);
    public static readonly FilterField DirectOnly = new("directOnly", FieldType.Flag, Eq);
    public static readonly FilterField Immutable = new("immutable", FieldType.Flag, Eq);
    public static readonly FilterField Kind = new("kind", FieldType.Kind, Same);
    public static readonly FilterField Status = new("status", FieldType.Status, Same);
    public static readonly FilterField Name = new("name", FieldType.Text, Compared | Match);
    public static readonly FilterField Alias = new("alias", FieldType.Text, Same | Match | Present);
    public static readonly FilterField Description = new("description", FieldType.Text, Match | Present);
    public static readonly FilterField Website = new("website", FieldType.Text, Match | Present);
    public static readonly FilterField Size = new("size", FieldType.Number, Compared);
    public static readonly FilterField Width = new("width", FieldType.Number, Compared | Present);
    public static readonly FilterField Height = new("height", FieldType.Number, Compared | Present);
    public static readonly FilterField Parts = new("parts", FieldType.Number, Compared);
    public static readonly FilterField Version = new("version", FieldType.Number, Compared);
    public static readonly FilterField CreatedAt = new("createdAt", FieldType.Time, Compared);
    public static readonly FilterField UpdatedAt = new("updatedAt", FieldType.Time, Compared);
    public static readonly FilterField UploadedAt = new("uploadedAt", FieldType.Time, Compared | Present);
    public static readonly FilterField ReadyAt = new("readyAt", FieldType.Time, Compared | Present);
    public static readonly FilterField ExpiresAt = new("expiresAt", FieldType.Time, Compared | Present);
    public static readonly FilterField Parent = new("parent", FieldType.Id, Same | Present);
    public static readonly FilterField References = new("references", FieldType.Id, Eq | Present);
    public static readonly FilterField Error = new("error", FieldType.Text, Same | Present);
    public static readonly FilterField Tags = new("tags", FieldType.Set, Eq | Present);
    public static readonly FilterField Categories = new("categories", FieldType.Set, Eq | Present);
    public static readonly FilterField Capabilities = new("capabilities", FieldType.Set, Eq | Present);

    /// <summary>Gets every field but those of applications.</summary>
    public static IReadOnlyList<FilterField> All { get; } =
    [
        Id, Owner, Public, DirectOnly, Immutable, Kind, Status, Name, Alias, Description, Website, Size, Width, Height, Parts, Version,
        CreatedAt, UpdatedAt, UploadedAt, ReadyAt, ExpiresAt, Parent, References, Error, Tags, Categories, Capabilities,
    ];

    /// <summary>Gets the fields of a text match, in the order of <see cref="MediaSearchText"/>.</summary>
    public static IReadOnlyList<FilterField> Matched { get; } = [Name, Description, Website, Owner, Alias];

    private static readonly FrozenDictionary<string, FilterField> s_byName = All.ToFrozenDictionary(field => field.Name);

    /// <summary>Finds the field of a name; each name that begins with <c>c_</c> is a field of the application's.</summary>
    public static bool TryFind(string name, [NotNullWhen(true)] out FilterField? field)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (s_byName.TryGetValue(name, out field))
        {
            return true;
        }

        field = name.StartsWith("c_", StringComparison.Ordinal) && MediaText.IsValid(name, 3, MaxCustomName)
            ? new FilterField(name, FieldType.Custom, Compared | Present)
            : null;
        return field is not null;
    }

    /// <summary>Gets the names of a set of operators.</summary>
    public static IEnumerable<string> NamesOf(FilterOperators operators) =>
        Enum.GetValues<FilterOperators>().Where(one => one != None && operators.HasFlag(one)).Select(NameOf);

    [SuppressMessage("Globalization", "CA1308", Justification = "The API's names are in lower case.")]
    public static string NameOf(FilterOperators one) => one.ToString().ToLowerInvariant();

    /// <summary>Finds the operator of a name.</summary>
    public static bool TryParseOperator(string name, out FilterOperators found)
    {
        foreach (var one in Enum.GetValues<FilterOperators>())
        {
            if (one != None && NameOf(one) == name)
            {
                found = one;
                return true;
            }
        }

        found = None;
        return false;
    }
}

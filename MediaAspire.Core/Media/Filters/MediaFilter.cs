using System.Collections.Immutable;

namespace MediaAspire.Core.Media.Filters;

/// <summary>The conditions of a list, all of which hold for each of its items, and its order.</summary>
/// <remarks>
/// A list shows neither items in the trash nor unlisted ones. It shows pending items only to a condition that asks for this status, and
/// temporary items only, all of them, when <see cref="IsTemporary"/> is set.
/// </remarks>
public sealed record MediaFilter
{
    public const int MaxConditions = 16;
    public const int MaxOperatorsOfField = 2;
    public const int MaxTerms = 20;
    public const int MaxMatchLength = 50;

    /// <summary>Gets the conditions on fields.</summary>
    public ImmutableArray<FieldCondition> Conditions { get; init; } = [];

    /// <summary>Gets tags of which an item has none.</summary>
    public ImmutableArray<string> Without { get; init; } = [];

    /// <summary>Gets the text that at least one of some fields has within.</summary>
    public TextMatch? Match { get; init; }

    /// <summary>Gets a value indicating whether the list is of temporary items.</summary>
    public bool IsTemporary { get; init; }

    public MediaOrder Order { get; init; } = MediaOrder.Newest;

    /// <summary>Gets a value indicating whether no item can match, because it would need a tag that it must not have.</summary>
    public bool IsContradictory => !Without.IsEmpty && On(FilterFields.Tags).Any(condition =>
        condition.Operator == FilterOperators.Eq && ((ImmutableArray<string>)condition.Value).Any(Without.Contains));

    /// <summary>Gets the conditions of a field.</summary>
    public IEnumerable<FieldCondition> On(FilterField field) => Conditions.Where(condition => condition.Field == field);

    /// <summary>Gets the value that a field has to equal; <see langword="null"/> when there is no such condition.</summary>
    public object? Equal(FilterField field) =>
        Conditions.FirstOrDefault(condition => condition.Field == field && condition.Operator == FilterOperators.Eq)?.Value;

    /// <summary>Adds the condition that items belong to an owner.</summary>
    public MediaFilter OfOwner(MediaOwner owner) =>
        this with { Conditions = Conditions.Add(new(FilterFields.Owner, FilterOperators.Eq, owner.Value)) };
}

/// <summary>A condition on one field.</summary>
/// <param name="Field">The field.</param>
/// <param name="Operator">One operator.</param>
/// <param name="Value">
/// The value: by the field's type a text, a whole number, a time, a boolean, an id, a kind, a status, an array of texts or a
/// <see cref="CustomOperand"/>; for <c>exists</c> and <c>isempty</c> a boolean; for <c>match</c> a normalized text.
/// </param>
public sealed record FieldCondition(FilterField Field, FilterOperators Operator, object Value);

/// <summary>A text match over several fields.</summary>
/// <param name="Text">The normalized text.</param>
/// <param name="Fields">One or more of <see cref="FilterFields.Matched"/>, in their order.</param>
public sealed record TextMatch(string Text, ImmutableArray<FilterField> Fields);

/// <summary>The value of a condition on an application's field.</summary>
/// <param name="Text">The text to compare with texts; <see langword="null"/> to compare with numbers only.</param>
/// <param name="Number">The number to compare with numbers; <see langword="null"/> to compare with texts only.</param>
public sealed record CustomOperand(string? Text, double? Number);

using System.Globalization;
using MediaAspire.Core.Images.Uploads;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MediaAspire.Api.Images;

/// <summary>Reads the queries of image routes. A misspelt or repeated parameter must not be ignored.</summary>
internal sealed class ImageQuery(IQueryCollection query)
{
    private string? _fault;

    /// <summary>Gets the problem with the values that were read; <see langword="null"/> for none.</summary>
    public ProblemHttpResult? Problem => _fault is null ? null : ImageErrors.InvalidQuery(_fault);

    /// <summary>Finds the first parameter that a route does not have.</summary>
    public ImageQuery Allow(params IEnumerable<string> known)
    {
        if (query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            _fault ??= $"\"{Problems.Problem.Shorten(unknown)}\" is not a parameter of this route. "
                + $"The parameters are {string.Join(", ", known.Order(StringComparer.Ordinal))}.";
        }

        return this;
    }

    /// <summary>Gets the text of a parameter; <see langword="null"/> without it.</summary>
    public string? Text(string name)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }

        if (values.Count == 1 && values[0] is { Length: > 0 } value)
        {
            return value;
        }

        _fault ??= $"The parameter \"{name}\" must have one value.";
        return null;
    }

    /// <summary>Gets a number from 1; <see langword="null"/> without the parameter.</summary>
    public long? Number(string name, long most)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 1 && number <= most)
        {
            return number;
        }

        _fault ??= $"The parameter \"{name}\" must be a number from 1 to {most}, not \"{Problems.Problem.Shorten(text)}\".";
        return null;
    }

    /// <summary>Gets a switch: <c>true</c> or <c>false</c>; a parameter without a value is <c>true</c>.</summary>
    public bool Flag(string name, bool fallback)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return fallback;
        }

        switch (values.Count == 1 ? values[0] : null)
        {
            case "true" or "":
                return true;
            case "false":
                return false;
            default:
                _fault ??= $"The parameter \"{name}\" must be true or false, not \"{Problems.Problem.Shorten(values.ToString())}\".";
                return fallback;
        }
    }

    /// <summary>Reads the wishes of an upload.</summary>
    public UploadWishes Wishes() => new()
    {
        MaxWidth = (int?)Number("max_width", int.MaxValue),
        MaxHeight = (int?)Number("max_height", int.MaxValue),
        MaxArea = Number("max_area", long.MaxValue),
        MaxFrameCount = (int?)Number("max_frame_count", int.MaxValue),
        MaxFileSize = Number("max_file_size", long.MaxValue),
        AllowsImage = Flag("allow_image", fallback: true),
        AllowsAnimation = Flag("allow_animation", fallback: true),
        AllowsVideo = Flag("allow_video", fallback: true),
    };
}
